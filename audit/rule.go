package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// A Rule is one thing that can be wrong with a configuration: a value that
// says what it is and how to find it. Rules are independent of each other.
//
// # How to add a rule
//
//  1. Take the next free id. Ids are never used again. Choose a [Category].
//  2. Write audit/rule_NAME.go with one variable of type *Rule. Look at
//     rule_embedded_mode.go for one with a fix, rule_timeouts_unset.go for one
//     about daemon process options.
//  3. Add its line to rules.go, which is sorted by id.
//  4. Give it Bad, a whole configuration that it finds something in, and Good,
//     the same one fixed. A test holds both against the rule, and the
//     documentation shows them.
//  5. In Check, walk over what the [wsgi.View] has computed, and call
//     [Pass.Report] with the directive, what is wrong with it, and what to
//     write instead. Do not look at text that was not read as configuration,
//     and take nothing that is unknown for absent.
//  6. Where it is only wrong unless something stands where nobody looked, say so
//     by [Finding].Unless. Where it takes another directive that may not be in
//     effect, name it in [Finding].Needs. Where it is less bad than what the rule
//     mostly finds, say why by [Finding].Milder. The severity is left to the
//     report: see doubt.go.
//  7. Ask yourself when the rule is wrong, and write those cases down in
//     golden/audit/NAME.txtar: found, not found, and each trap.
//  8. Where the text can be fixed without a doubt, report a [Fix]; it is Safe
//     when it cannot change what a working application does.
//  9. Run "make generate", which writes docs/rules/.
type Rule struct {
	ID       string // "WC101"
	Name     string // "embedded-mode": letters, digits and dashes
	Severity Severity
	Category Category
	Since    string // the first release of wsgictl that has it, as the changelog calls it
	// OffByDefault says that it runs only where its id, its name or its category
	// is selected.
	OffByDefault bool
	// InAllRenderings says that it is about a server as a whole, so that of a template it
	// is only told where each way to decide its conditions has it.
	InAllRenderings bool
	// StopsStart says that Apache does not start with what it finds as an error.
	StopsStart bool
	// LooksAtHost says that what it finds hangs on the host and on who asks, so that a
	// comment that ignores it is never called useless.
	LooksAtHost bool

	Summary  string // what it finds, as one line without a full stop
	Why      string // why that matters: sentences
	Remedy   string // what to do: sentences
	Link     string // documentation that tells more
	Releases modwsgi.Span
	Bad      string // an example that it finds; empty where that takes more files
	Good     string // the same example, fixed

	Check func(*Pass)
}

// Severity says how bad a finding is.
type Severity int

// The severities: Info is worth knowing, Warning will hurt some day, Error
// hurts now.
const (
	Info Severity = iota
	Warning
	Error
)

// String is the severity as reports write it.
func (s Severity) String() string { return [...]string{"info", "warning", "error"}[s] }

// ParseSeverity reads a severity as String writes it.
func ParseSeverity(text string) (Severity, error) {
	for s := Info; s <= Error; s++ {
		if s.String() == text {
			return s, nil
		}
	}
	return Info, fmt.Errorf("severity %q: want info, warning or error", text)
}

// Pass is one run of one rule over one view.
type Pass struct {
	*facts
	rule     *Rule
	findings []*Finding
}

// Report adds a finding about a directive, unless what it hangs on is in doubt. The
// whole directive is marked unless an option is named.
func (p *Pass) Report(d *conf.Directive, f Finding) {
	f.Rule, f.Directive = p.rule, d
	f.Pos, f.End = d.Pos(), d.End()
	if f.Option != "" {
		option, _ := wsgi.OptionsOf(d).Last(f.Option)
		if span, ok := d.SpanOf(option.From, option.To); ok {
			f.Pos, f.End = d.PosAt(span.Start), d.PosAt(span.End)
		}
	}
	if !f.settle(p.facts) {
		return
	}
	f.Help = orRemedy(f.Help, p.rule)
	f.showMarks()
	p.findings = append(p.findings, &f)
}

func orRemedy(help string, r *Rule) string {
	if help == "" {
		return r.Remedy
	}
	return help
}

// DefaultText says whether the rule runs where nothing selects it.
func (r *Rule) DefaultText() string {
	if r.OffByDefault {
		return "off"
	}
	return "on"
}

// ReleasesText says which releases the rule holds for; empty for all.
func (r *Rule) ReleasesText() string {
	switch s := r.Releases; {
	case s.Since.IsZero() && s.Removed.IsZero():
		return ""
	case s.Removed.IsZero():
		return "for mod_wsgi " + s.Since.String() + " and newer"
	case s.Since.IsZero():
		return "for mod_wsgi before " + s.Removed.String()
	default:
		return "for mod_wsgi " + s.Since.String() + " and newer, before " + s.Removed.String()
	}
}
