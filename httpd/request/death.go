package request

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// death is the end of a request before its handler, or by it: an error, a
// redirect of the client, or a proxy.
type death struct {
	question
	Outcome
	settings *Settings // that apply at that time
}

// refuse is the end of a request where httpd answers with a status.
func (q question) refuse(set *Settings, status int, reason string) *death {
	return &death{q, Outcome{Refusal: Refusal{status, reason}}, set}
}

// endBy is the end of a request that a directive brings about.
func (q question) endBy(set *Settings, d *conf.Directive) *death {
	return &death{q, Outcome{By: d, Refusal: Refusal{Status: statusOf(d)}}, set}
}

// statusOf is the status of an error that a directive ends a request with, 0 for
// another end.
func statusOf(d *conf.Directive) int {
	switch {
	case d.Is("RewriteRule"):
		return ruleStatus(d)
	case d.Is("Redirect") || d.Is("RedirectMatch"):
		return redirectStatus(d)
	}
	return 0
}

// isError tells whether the request ends with an error, which may have an
// ErrorDocument.
func (d *death) isError() bool { return d.Status != 0 }

// end is what the client gets (ap_die): an internal redirect to the
// ErrorDocument where that is a URL of the server. An error on the way to an
// ErrorDocument has none.
func (d *death) end() end {
	if !d.isError() || d.died != 0 {
		return end{Outcome: d.Outcome}
	}
	document := d.settings.settingWhere(func(of *conf.Directive) bool {
		return of.Is("ErrorDocument") && of.Word(0) == strconv.Itoa(d.Status)
	}, d.assume, "ErrorDocument")
	if document == nil {
		return end{Outcome: d.Outcome}
	}
	switch target := document.Word(1); {
	case strings.Contains(target, " "): // a text, however it begins (set_error_document)
	case strings.HasPrefix(target, "/"):
		if strings.Contains(target, "%{") {
			d.isUnknown(document, "ErrorDocument has an expression in its URL")
		}
		next := d.redirected(splitURL(target))
		next.died = d.Status
		return end{next: next}
	case strings.Contains(target, "://") && d.Status != http.StatusUnauthorized:
		return end{Outcome: Outcome{By: document}}
	}
	return end{Outcome: d.Outcome}
}
