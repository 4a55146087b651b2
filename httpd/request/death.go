package request

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// death is the end of a request before its handler, or by it: an error, a
// redirect of the client, or a proxy.
type death struct {
	received
	Outcome
	settings *Settings // that apply at that time
	checked  *Settings // the same where access was checked, or was what ended it; else nil
}

// refuse is the end of a request where httpd answers with a status.
func (q received) refuse(set *Settings, refusal Refusal) *death {
	return &death{received: q, Outcome: Outcome{Refusal: refusal}, settings: set}
}

// endBy is the end of a request that a directive brings about, with a status of
// 0 where that is not known.
func (q received) endBy(set *Settings, d *conf.Directive, status int) *death {
	return &death{received: q, Outcome: Outcome{By: d, Refusal: Refusal{Status: status}}, settings: set}
}

// isError tells whether the request ends with an error, which may have an
// ErrorDocument.
func (d *death) isError() bool { return d.Status >= http.StatusBadRequest }

// end is what the client gets (ap_die): an internal redirect to the
// ErrorDocument where that is a URL of the server. An error on the way to an
// ErrorDocument has none, and neither has one after an internal redirect where a rule
// has given the request the status of a redirect.
func (d *death) end() end {
	if d.Status == 0 || !d.Outcome.isFirstError() && (d.errorStatus != 0 || d.ledBy.status != 0 && d.redirects > 0) {
		return d.endRecursive(d.Outcome)
	}
	document := d.settings.settingWhere(func(of *conf.Directive) bool {
		return of.Is("ErrorDocument") && of.Word(0) == strconv.Itoa(d.Status) && !(d.Status == http.StatusUnauthorized && isElsewhere(of.Word(1)))
	}, d.assume, "ErrorDocument")
	if document == nil {
		return end{Outcome: d.Outcome}
	}
	switch target := document.Word(1); {
	case strings.Contains(target, " "): // a text, however it begins (set_error_document)
	case strings.HasPrefix(target, "/") && d.isAtEnd():
		return d.endRecursive(Outcome{Refusal: Ending{Kind: Endless}.refusal()})
	case strings.HasPrefix(target, "/"):
		return end{next: d.redirected(splitURL(d.expanded(document)), d.Status, d.checked)}
	case isElsewhere(target):
		return end{Outcome: Outcome{By: document, Refusal: Refusal{Status: http.StatusFound}}}
	}
	return end{Outcome: d.Outcome}
}

// endRecursive is the end by an error on the way to an ErrorDocument: the status is
// that of the first one.
func (q received) endRecursive(o Outcome) end {
	if o.Status != 0 && q.firstStatus != 0 {
		o.Status = q.firstStatus
	}
	return end{Outcome: o}
}

// isElsewhere tells an ErrorDocument that is the URL of a server. One for 401 counts
// for nothing, so that the one before it holds (set_error_document).
func isElsewhere(document string) bool {
	return strings.Contains(document, "://") && !strings.Contains(document, " ") && !strings.HasPrefix(document, "/")
}

// expanded is the URL of an ErrorDocument, in which there may be variables
// (ap_response_code_string).
func (d *death) expanded(document *conf.Directive) string {
	target := document.Word(1)
	if !strings.ContainsAny(target, `%$\`) {
		return target
	}
	text, err := expr.ParseText(target)
	if err != nil {
		d.isUnknown(document, Unknown{Kind: ErrorDocumentURL})
		return target
	}
	value := text.Value(facts{
		Settings: d.settings, filename: expr.Value{Reason: conf.Undecided{Kind: conf.RequestedFile}}, info: expr.Value{Reason: Unknown{Kind: PathInfo}}, query: d.Query,
		environment: d.environment, isLookup: d.isLookup(), hasUser: d.hasUser,
	})
	if value.Reason != nil {
		d.isUnknown(document, Unknown{Kind: ErrorDocumentURL, Why: value.Reason})
		return target
	}
	return value.Text
}
