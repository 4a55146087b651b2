package audit_test

import (
	"testing"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// FuzzAudit audits any configuration as far as the command does: nothing may
// panic, findings can be shown, and fixed texts can be read again.
func FuzzAudit(f *testing.F) {
	for _, rule := range audit.Rules() {
		f.Add(rule.Bad)
		f.Add(rule.Good)
	}
	f.Add("Define V x\nWSGIDaemonProcess app \u00a0 ${V}=${V} python-path=/a:${V}/lib/python3.11/site-packages # x\n")
	f.Add("{% for a in b %}<VirtualHost *:{{ port }}>\nWSGIDaemonProcess {{ a }} {{ options }} home= {% if c == 'd' %}user=x{% endif %}\n{% endfor %}")
	f.Fuzz(func(t *testing.T, configuration string) {
		config := conf.ReadSource("/nonexistent/t.conf", configuration, conf.Options{
			Root: "/nonexistent", Modules: []conf.Module{wsgi.Module(modwsgi.Release{})},
		})
		result := audit.Run(wsgi.Look(config, modwsgi.Newest, nil), audit.Settings{Select: everyCategory()})
		for _, finding := range result.Findings {
			if line, start, end := finding.Excerpt(); start > end || end > len(line) {
				t.Errorf("%s: %q from %d to %d", finding.Message, line, start, end)
			}
		}
		fixed, _, err := audit.ApplyFixes(result.Findings, true)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range fixed {
			conf.ReadSource(file.File.Name, file.Text, conf.Options{Root: "/nonexistent"})
		}
	})
}
