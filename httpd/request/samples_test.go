package request

import (
	"slices"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// TestSamplesTakeOneAmountOfWork asks about many samples that each take long.
func TestSamplesTakeOneAmountOfWork(t *testing.T) {
	t.Parallel()
	configuration := "RewriteEngine On\n" + strings.Repeat("RewriteRule ^/(.*)$ /$1\n", 300) + "RewriteRule ^ - [N]\n"
	config := conf.ReadSource("t.conf", configuration, conf.Options{Root: t.TempDir()})
	s := &Server{Server: config.Main(), Httpd: New(config, Module{}), Level: slices.Collect(config.Directives())}
	var samples Samples
	for range 200 {
		s.RewrittenAway(Client{Host: "x", Port: 80, Path: "/a"}, &samples)
	}
	if samples.steps > maxSampled+maxSteps+1000 {
		t.Errorf("%d steps, want about %d", samples.steps, maxSampled)
	}
}
