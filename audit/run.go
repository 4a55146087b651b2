package audit

import (
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

// Settings choose what an audit tells.
type Settings struct {
	Select   []string // ids, beginnings of ids, names or categories; empty for all rules that are on by default
	Ignore   []string
	Severity Severity // the least that is told
}

// Result is what an audit found.
type Result struct {
	Findings []*Finding // worst first
	// Refused are those with which Apache does not start, also of rules that are not
	// selected: whatever else is told is of a server that does not run.
	Refused []*Finding
	Ignored int // findings that a comment or a baseline hides
}

// Run holds all rules that the settings select against a view, and against the
// other renderings of the templates that it was read from.
func Run(v *wsgi.View, settings Settings) Result { return RunAll([]*wsgi.View{v}, settings) }

// RunAll is what Run finds in several configurations, each finding once.
func RunAll(views []*wsgi.View, settings Settings) Result {
	comments := readComments(views)
	var told, hidden []*Finding
	for _, v := range views {
		var found [][]*Finding
		for _, rendering := range v.Renderings() {
			found = append(found, findIn(rendering, settings))
		}
		kept, ignored := comments.hide(inRenderings(found))
		told, hidden = append(told, kept...), append(hidden, ignored...)
	}
	isUnwanted := func(f *Finding) bool { return !settings.selects(f.Rule) }
	told, hidden = sortFindings(told), slices.DeleteFunc(hidden, isUnwanted)
	refused := refusedOf(told)
	told = sortFindings(append(slices.DeleteFunc(told, isUnwanted), comments.unused(views, settings)...))
	told = slices.DeleteFunc(told, func(f *Finding) bool { return f.Severity < settings.Severity })
	return Result{Findings: told, Refused: refused, Ignored: len(sortFindings(hidden))}
}

// refusedOf are the findings with which Apache does not start.
func refusedOf(findings []*Finding) []*Finding {
	var refused []*Finding
	for _, f := range findings {
		if f.Rule.StopsStart && f.Severity == Error {
			refused = append(refused, f)
		}
	}
	return refused
}

// Refused finds what keeps Apache from starting, and nothing else.
func Refused(views []*wsgi.View) []*Finding {
	var settings Settings
	for _, rule := range Rules() {
		if rule.StopsStart {
			settings.Select = append(settings.Select, rule.ID)
		}
	}
	return RunAll(views, settings).Refused
}

func findIn(v *wsgi.View, settings Settings) []*Finding {
	var passes []*Pass
	known := newFacts(v)
	for _, rule := range Rules() {
		if (settings.selects(rule) || rule.StopsStart) && rule.Releases.Knows(v.Release) && rule.Check != nil {
			passes = append(passes, &Pass{facts: known, rule: rule})
		}
	}
	checkAll(passes)
	var findings []*Finding
	for _, pass := range passes {
		findings = append(findings, pass.findings...)
	}
	findings = known.withoutFollowUps(findings)
	dropLossyFixes(findings, v.Config.Files)
	return findings
}

// withoutFollowUps leaves out what is found of a directive with options that httpd does
// not take: none of them is in effect, and there is no group.
func (f *facts) withoutFollowUps(findings []*Finding) []*Finding {
	if len(f.Config.Errors()) == 0 {
		return findings
	}
	return slices.DeleteFunc(findings, func(found *Finding) bool {
		d := found.Directive
		return !found.Rule.StopsStart && d != nil && f.isRefused(d) && wsgi.HasOptions(d)
	})
}

// isRefused tells whether httpd does not take a line.
func (f *facts) isRefused(d *conf.Directive) bool {
	return f.refused()[textLine{d.Pos().File, d.Pos().Line}]
}

// textLine is a line of a file.
type textLine struct {
	file string
	line int
}

func (f *facts) findRefused() map[textLine]bool {
	refused := map[textLine]bool{}
	for _, d := range f.Config.Errors() {
		refused[textLine{d.Pos.File, d.Pos.Line}] = true
	}
	return refused
}

// checkAll runs the passes on all processors at once.
func checkAll(passes []*Pass) {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, pass := range passes {
		group.Go(func() error {
			pass.rule.Check(pass)
			return nil
		})
	}
	_ = group.Wait()
}

// partOfServers is how many servers are worth a goroutine.
const partOfServers = 1024

// eachServer holds a rule against all servers, some side by side: for one that
// takes long, and comes last. What it reports is in the order of the servers.
func (p *Pass) eachServer(check func(*Pass, *wsgi.Server)) {
	var group sync.WaitGroup
	var parts []*Pass
	for servers := range slices.Chunk(p.Servers, partOfServers) {
		part := &Pass{facts: p.facts, rule: p.rule}
		parts = append(parts, part)
		group.Go(func() {
			for _, s := range servers {
				check(part, s)
			}
		})
	}
	group.Wait()
	for _, part := range parts {
		p.findings = append(p.findings, part.findings...)
	}
}

// selects tells whether a rule is to be held against the configuration.
func (s Settings) selects(r *Rule) bool {
	return s.wants(r) && !slices.ContainsFunc(s.Ignore, r.isSelectedBy)
}

func (s Settings) wants(r *Rule) bool {
	switch {
	case r.OffByDefault: // the beginning of an id stands for many: it does not ask for this one
		return slices.ContainsFunc(s.Select, r.isNamedBy)
	case len(s.Select) == 0:
		return true
	}
	return slices.ContainsFunc(s.Select, r.isSelectedBy)
}
