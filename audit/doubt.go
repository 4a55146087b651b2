package audit

import (
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// A rule says what it found, and what that hangs on. Here it is decided what this
// means: whether the finding is told, how much it weighs, and whether its fix is
// safe. No rule asks whether a directive is certain, and none names a severity but
// its own.

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
	OtherServer       Elsewhere = "the two files are for different servers"
)

// Milder is why what was found is less bad than what its rule mostly finds,
// although nothing about it is in doubt. The zero value is for what is not.
type Milder int

// What makes a finding less bad.
const (
	AskedFor          Milder = iota + 1 // the configuration says in so many words that it is meant
	ServesNone                          // it stands idle: no request is answered otherwise for it
	OfNewRelease                        // the release of mod_wsgi has taken the worst of it away
	AnsweredElsewhere                   // clients get the same answer all the same
)

// milder is how many severities each takes away.
var milder = map[Milder]Severity{AskedFor: 1, ServesNone: 1, OfNewRelease: 1, AnsweredElsewhere: 2}

// settle decides what a finding weighs and whether its fix is safe. It is not told
// where the directive is never in effect, or one of those is in doubt that it
// needs.
func (f *Finding) settle(facts *facts) (isTold bool) {
	isOpen := func(needed *conf.Directive) bool { return !facts.holdsWith(needed, f.Directive) }
	if facts.Httpd.IsNever(f.Directive) || slices.ContainsFunc(f.Needs, isOpen) {
		return false
	}
	if f.Fix != nil && f.Fix.SafeWith != nil && !facts.isCertainWith(f.Fix.SafeWith, f.Directive) {
		f.Fix.Safe = false
	}
	f.Severity = max(f.Rule.Severity-milder[f.Milder], Info)
	f.mayBeElsewhere(facts)
	return true
}

// mayBeElsewhere tells what may stand elsewhere with the finding, which weighs one
// less for it, but where what is advised may stand in both files. Of a
// configuration that was read as a whole nothing stands elsewhere.
func (f *Finding) mayBeElsewhere(facts *facts) {
	if f.Unless == "" || facts.Config.Complete {
		return
	}
	f.Message += ", unless " + string(f.Unless)
	if f.Unless != OtherFileHas {
		f.Severity = max(f.Severity-1, Info)
	}
}

// isCertainWith tells whether a directive is in effect wherever another one is.
func (f *facts) isCertainWith(d, other *conf.Directive) bool {
	return f.Httpd.IsCertain(d, other.Unknown)
}

// holdsWith is isCertainWith where mod_ssl is there, as it is where certbot has put
// copies of virtual hosts beside them.
func (f *facts) holdsWith(d, other *conf.Directive) bool {
	isOpen := func(doubt request.Doubt) bool { return !asksForTLS(doubt.Condition) }
	return !slices.ContainsFunc(slices.Collect(f.Httpd.Doubts(d, other.Unknown)), isOpen)
}

// latest finds among directives, which are added in the order of the text, the last
// one that is in effect wherever another one is, as holdsWith tells. Of thousands none
// is held against each of thousands of others.
type latest struct {
	added int
	in    map[*conf.Condition]numbered // by the innermost condition in doubt; nil is for none
}

// numbered is a directive and its number among those that were added.
type numbered struct {
	*conf.Directive
	number int
}

func (f *facts) addLatest(to *latest, d *conf.Directive) {
	var innermost *conf.Condition
	for doubt := range f.Httpd.Doubts(d, nil) {
		if !asksForTLS(doubt.Condition) {
			innermost = doubt.Condition
			break
		}
	}
	if to.in == nil {
		to.in = map[*conf.Condition]numbered{}
	}
	to.added++
	to.in[innermost] = numbered{d, to.added}
}

// with is the last one that is in effect wherever another one is, or nil.
func (l *latest) with(other *conf.Directive) *conf.Directive {
	last := l.in[nil]
	for c := other.Unknown; c != nil; c = c.Outer {
		if own := l.in[c]; own.number > last.number {
			last = own
		}
	}
	return last.Directive
}

func asksForTLS(c *conf.Condition) bool {
	asks := c.Asks()
	return asks.Kind == conf.IfModule && (asks.Subject == "mod_ssl.c" || asks.Subject == "ssl_module") && !c.Negated
}

// certain are the directives of these names that are in effect for certain, in the
// order of the text. isAll tells whether there are no others.
func (f *facts) certain(names ...string) (certain []*conf.Directive, isAll bool) {
	isAll = true
	for d := range f.InOrder() {
		switch {
		case !slices.ContainsFunc(names, d.Is):
		case f.Httpd.IsCertain(d, nil):
			certain = append(certain, d)
		default:
			isAll = false
		}
	}
	return certain, isAll
}

// isSince tells whether the release is known and not older than another one: where
// it is not known, the worse is taken.
func (f *facts) isSince(release modwsgi.Release) bool {
	return !f.Release.IsZero() && !f.Release.Predates(release)
}

// safeWith is the fix, safe only where a directive is in effect wherever that is
// which it fixes.
func (f *Fix) safeWith(d *conf.Directive) *Fix {
	if f != nil {
		f.SafeWith = d
	}
	return f
}
