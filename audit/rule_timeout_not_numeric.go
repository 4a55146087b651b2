package audit

import (
	"errors"
	"strconv"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
)

var timeoutNotNumeric = &Rule{
	ID: "WC127", Name: "timeout-not-numeric", Severity: Error, Category: CategoryTimeouts, Since: unreleased,
	Summary: "a number has a unit, or is none",
	Why: "mod_wsgi reads digits up to the first other character and forgets the rest, without a word: 1m is one second, " +
		"and off or ten is 0, which switches a timeout off or means the default.",
	Remedy: "Write whole seconds, and bytes for sizes, without a unit.",
	Link:   daemonPage,
	Bad: `
WSGIDaemonProcess shop request-timeout=1m
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop request-timeout=60
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkTimeoutNotNumeric,
}

func checkTimeoutNotNumeric(p *Pass) {
	for _, group := range p.Daemons {
		for o := range group.Options.Effective() {
			option, err := modwsgi.LookupDaemonOption(o.Name, p.Release)
			if err != nil || !isNumber(option.Kind) || isInteger(o.Value) || conf.HasMark(o.Value) {
				continue
			}
			var value *modwsgi.ValueError
			if !errors.As(option.Check(o.Value), &value) {
				continue
			}
			read := strconv.Itoa(option.Number(o.Value))
			f := Finding{Message: "mod_wsgi reads " + o.Name + "=" + o.Value + " as " + read, Option: o.Name, Help: "Write " + value.Want + "."}
			if edit, ok := replaceOption(group.Directive, o.Name, read); ok && o.Value == read+"s" && option.Kind == modwsgi.Seconds {
				f.Fix = p.fixOf(true, "write "+o.Name+"="+read, edit)
			}
			p.Report(group.Directive, f)
		}
	}
}

// isNumber tells the kinds of values that mod_wsgi reads with atoi.
func isNumber(kind modwsgi.Kind) bool {
	switch kind {
	case modwsgi.Count, modwsgi.Seconds, modwsgi.Milliseconds, modwsgi.Bytes, modwsgi.Nice:
		return true
	}
	return false
}

func isInteger(text string) bool {
	_, err := strconv.Atoi(text)
	return err == nil
}
