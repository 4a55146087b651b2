package report

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// TestSARIFCountsInUTF16 looks at findings behind text that is longer in UTF-8
// than in UTF-16, and behind what is no UTF-8 at all.
func TestSARIFCountsInUTF16(t *testing.T) {
	t.Parallel()
	source := "ServerAdmin \"J\u00fcrgen\"\n" +
		"WSGIDaemonProcess \"\u00fc\U0001F600\xff\" threads=100\n" +
		"WSGIScriptAlias / /srv/a.wsgi process-group=\"\u00fc\U0001F600\xff\"\n"
	config := conf.ReadSource("a.conf", source, conf.Options{})
	result := audit.Run(wsgi.Look(config, modwsgi.Newest, nil), audit.Settings{Select: []string{"WC123"}})
	var out bytes.Buffer
	if err := WriteSARIF(&out, result, "", func(name string) string { return name }); err != nil {
		t.Fatal(err)
	}
	var log struct {
		Runs []struct {
			Results []struct {
				Locations []struct {
					PhysicalLocation struct{ Region sarifRegion }
				}
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	want := sarifRegion{StartLine: 2, StartColumn: 26, EndLine: 2, EndColumn: 37}
	if diff := cmp.Diff(want, log.Runs[0].Results[0].Locations[0].PhysicalLocation.Region); diff != "" {
		t.Errorf("region (-want +got):\n%s", diff)
	}
}
