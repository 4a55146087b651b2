package audit

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// What is in doubt takes weight from a finding or keeps it from being told: here
// that is decided. A rule names what its finding hangs on, by Unless and Needs,
// and asks of a directive alone whether it is certain.

// Elsewhere is what may stand where an audit does not look, so that what it found
// is right: "another file grants it". It is open only for a part of a
// configuration. The zero value is nothing.
type Elsewhere string

// What a finding can hang on that stands elsewhere.
const (
	OtherFileGrants   Elsewhere = "another file grants it"
	OtherFileDeclares Elsewhere = "another file declares it"
	OtherFileHas      Elsewhere = "another file has it"
	OtherHost         Elsewhere = "it is for another host"
)

// settle decides what doubts mean for a finding: it is not told where one of the
// directives is in doubt that it needs. What may stand elsewhere is told with it,
// and it weighs one less, but where what is advised may stand in both files. Of a
// configuration that was read as a whole nothing stands elsewhere.
func (f *Finding) settle(facts *facts) (isTold bool) {
	for _, needed := range f.Needs {
		if !facts.isCertainWith(needed, f.Directive) {
			return false
		}
	}
	if f.Unless == "" || facts.Config.Complete {
		return true
	}
	f.Message += ", unless " + string(f.Unless)
	if f.Unless != OtherFileHas {
		f.Severity = max(f.Severity-1, Info)
	}
	return true
}

// isCertain tells whether a directive is in effect for certain.
func (f *facts) isCertain(d *conf.Directive) bool { return f.Httpd.IsCertain(d, nil) }

// isCertainWith tells whether a directive is in effect wherever another one is.
func (f *facts) isCertainWith(d, other *conf.Directive) bool {
	return f.Httpd.IsCertain(d, other.Unknown)
}

// bothHold tells whether two directives are in effect together: open conditions
// around them are the same, or ask for mod_ssl, which is there where certbot put
// it.
func (f *facts) bothHold(a, b *conf.Directive) bool {
	isOpen := func(d request.Doubt) bool { return !asksForTLS(d.Condition) }
	return !slices.ContainsFunc(slices.Collect(f.Httpd.Doubts(a, b.Unknown)), isOpen) &&
		!slices.ContainsFunc(slices.Collect(f.Httpd.Doubts(b, a.Unknown)), isOpen)
}

func asksForTLS(c *conf.Condition) bool {
	return strings.EqualFold(c.Kind, "IfModule") && (c.Subject == "mod_ssl.c" || c.Subject == "ssl_module") && !c.Negated
}
