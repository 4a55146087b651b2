package fix

import (
	"context"
	"maps"
	"runtime"
	"slices"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

// A Proposal are the texts that fixes give to files, of which none is written yet.
type Proposal struct {
	Views  []*wsgi.View // as the last audit saw them: with the texts in the place of the files
	Result audit.Result // of that audit
	Fixes  int          // how many were made

	first  map[*audit.Rule]int   // findings before all fixes
	before map[string]*conf.File // as the first audit to fix them read them, by path
	texts  map[string]string     // by path; a next audit reads them in the place of the files
}

func newProposal() Proposal {
	return Proposal{before: map[string]*conf.File{}, texts: map[string]string{}}
}

// rounds bounds how often fixed text is audited and fixed again: a new daemon process
// group, say, makes WSGIRestrictEmbedded On possible.
const rounds = 5

// Propose looks, and takes what the fixes make of the files, in turn. The last time it
// only looks. Fixes that make an error are none.
func (r Request) Propose(ctx context.Context) (Proposal, error) {
	p := newProposal()
	subject := r.Subject.WithTexts(p.texts)
	var before harm
	for number := range rounds + 1 {
		views, err := unlessDone(ctx, func() ([]*wsgi.View, error) { return subject.Look(ctx) })
		if err != nil {
			return p, err
		}
		subject.Say = func(string) {} // it was said
		p.Views, p.Result = views, r.Audit(views)
		if number == 0 {
			p.first = countByRule(p.Result.Findings)
		} else if before, err = before.checkNotWorse(views); err != nil {
			return p, err
		}
		files, fixed, err := audit.ApplyFixes(p.Result.Findings, r.Unsafe)
		if err != nil {
			return p, err
		}
		if len(fixed) == 0 || number == rounds {
			break
		}
		if number == 0 {
			before, _ = harmOf(views)
		}
		runtime.GC() // of the round before, where it is else collected rarely
		p.Fixes += len(fixed)
		p.take(files)
	}
	return p, nil
}

// take adds fixed texts.
func (p Proposal) take(files []audit.Fixed) {
	for _, file := range files {
		path := pathOf(file.File, p.Views)
		if p.before[path] == nil {
			p.before[path] = file.File
		}
		p.texts[path] = file.Text
	}
}

// pathOf is where a file of one of the configurations is on this machine.
func pathOf(file *conf.File, views []*wsgi.View) string {
	for _, view := range views {
		if slices.Contains(view.Config.Files, file) {
			return view.Config.Path(file.Name)
		}
	}
	return file.Name
}

// A File is one that fixes change.
type File struct {
	Name          string // as the configuration has it
	Before, After string // its text
}

// Files are those that change, by path.
func (p Proposal) Files() []File {
	var files []File
	for _, path := range slices.Sorted(maps.Keys(p.before)) {
		files = append(files, File{p.before[path].Name, p.before[path].Source, p.texts[path]})
	}
	return files
}
