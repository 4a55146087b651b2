package system

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/wsgictl/wsgictl/store"
)

// A Patch is what a person changed in a file, and --adopt has taken over.
type Patch struct {
	Name string          `json:"name"` // of the file, and the generation that took it over: "shop.conf-3"
	Base store.PathState `json:"base"` // the declared text that it changes
}

// A Patched is a file with a patch.
type Patched struct {
	Path, Name string
	Diff       string // from what is declared to what stands there
}

// Patches are those of a generation, by path.
func (m Manager) Patches(g map[string]Managed) ([]Patched, error) {
	var all []Patched
	for _, path := range slices.Sorted(maps.Keys(g)) {
		want := g[path].Want
		switch {
		case want.Patch != nil:
			text, base, err := m.texts(want)
			if err != nil {
				return nil, err
			}
			unified := diff.Diff("declared", []byte(base), want.Patch.Name, []byte(text))
			lines := strings.SplitAfterN(string(unified), "\n", 4) // "diff …", "--- …", "+++ …"
			all = append(all, Patched{path, want.Patch.Name, lines[len(lines)-1]})
		case want.Adopted:
			all = append(all, Patched{path, "adopted content", "an older wsgictl took all of the file over; the next apply makes a patch of it\n"})
		}
	}
	return all, nil
}

// texts are what shall stand in a file, without wsgictl's first line and what
// certbot has added, and that without the person's patch.
func (m Manager) texts(want Want) (text, declared string, err error) {
	if err := m.History.Fill(&want.PathState); err != nil {
		return "", "", err
	}
	text = withoutBlock(withoutFirstLine(want.Content), want.certbot())
	if want.Patch == nil {
		return text, text, nil
	}
	if err := m.History.Fill(&want.Patch.Base); err != nil {
		return "", "", err
	}
	return text, string(want.Patch.Base.Content), nil
}

// setText gives a file its text, under a first line that names what is on top of
// what is declared.
func (w *Want) setText(text string) {
	var on []string
	if w.Patch != nil {
		on = append(on, "patch "+w.Patch.Name)
	}
	if lines := w.certbot(); len(lines) > 0 {
		on = append(on, "lines of certbot")
		text = withBlock(text, lines)
	}
	remark := ""
	if len(on) > 0 {
		remark = " (with " + strings.Join(on, " and ") + ")"
	}
	w.PathState = store.NewFile(withFirstLine(text, remark), w.Mode)
}

// keepEdits puts what persons changed on top of what is wanted: what was taken
// over before, and with [Adopt] what they changed since. A rollback brings back what
// was on top then.
func (m Manager) keepEdits(s *scope, takeover Takeover) error {
	for _, path := range slices.Sorted(maps.Keys(s.wanted)) {
		if err := m.keepEdit(s, path, takeover); err != nil {
			return err
		}
	}
	return nil
}

func (m Manager) keepEdit(s *scope, path string, takeover Takeover) error {
	want := s.wanted[path]
	last, known := s.current.Managed[path]
	current, adopts, carries, err := s.edited(path, takeover)
	if err != nil || !adopts && !carries {
		return err
	}
	e := edit{path: path, adopts: adopts, keeps: takeover == Adopt}
	if _, e.declared, err = m.texts(want); err != nil {
		return err
	}
	e.before, e.theirs = e.declared, withoutFirstLine(current.Content)
	if known {
		if err := m.since(&e, last); err != nil {
			return err
		}
	}
	text, err := e.merged(last)
	if err != nil || text == e.declared {
		return err
	}
	name := fmt.Sprintf("%s-%d", filepath.Base(path), s.current.Number+1)
	if !adopts && last.Patch != nil {
		name = last.Patch.Name
	}
	want.Patch = &Patch{Name: name, Base: store.NewFile([]byte(e.declared), want.Mode)}
	want.setText(text)
	s.wanted[path] = want
	return nil
}

// edited tells whether what stands at a path is a person's, and to be adopted, and
// whether something was that is to be carried on.
func (s *scope) edited(path string, takeover Takeover) (current store.PathState, adopts, carries bool, err error) {
	want := s.wanted[path]
	if want.Line != "" || want.Kind == store.Folder || takeover == Overwrite {
		return store.PathState{}, false, false, nil
	}
	last, known := s.current.Managed[path]
	if current, err = store.Read(path); err != nil {
		return store.PathState{}, false, false, err
	}
	adopts = takeover == Adopt && want.Kind != store.Absent && !current.Equal(want.PathState) && isEdited(current, want, last, known)
	switch {
	case adopts && (current.Kind != store.File || want.Kind != store.File):
		return store.PathState{}, false, false, fmt.Errorf("adopt %s: there is %s where %s belongs", path, current, want.PathState)
	case adopts && isBinary(current.Content):
		return store.PathState{}, false, false, fmt.Errorf("adopt %s: it is no text, of which a patch could be made; --overwrite puts wsgictl's there again", path)
	}
	former, restored := s.restores[path]
	restored = restored && former.PathState.Equal(want.PathState)
	return current, adopts, !restored && want.Patch == nil && known && (last.Patch != nil || last.Adopted), nil
}

// An edit is one file that a person changed.
type edit struct {
	path          string
	adopts, keeps bool   // the person's text is that of the file as it is; it wins where the two do not fit
	before        string // the declared text that it was made of
	theirs        string
	declared      string // now
}

// since completes an edit with what wsgictl left in the file.
func (m Manager) since(e *edit, last Managed) error {
	text, declared, err := m.texts(last.Want)
	if err != nil {
		return err
	}
	if !last.Adopted {
		e.before = declared
	}
	switch {
	case !e.adopts:
		e.theirs = text
	case len(last.found) > 0:
		_, e.theirs = certbotEdit(text, e.theirs)
	}
	return nil
}

// merged is the declared text with the person's changes.
func (e edit) merged(last Managed) (string, error) {
	text, unfit := mergeSite(e.before, e.theirs, e.declared)
	switch {
	case unfit == nil:
		return text, nil
	case e.keeps:
		return e.theirs, nil
	}
	return "", &Misfit{Path: e.path, Name: last.Patch.Name, misfit: *unfit}
}

// A Misfit is a patch that no longer fits what is declared.
type Misfit struct {
	Path, Name string
	misfit
}

func (e *Misfit) Error() string {
	version := func(what string, lines []string) string {
		if len(lines) == 0 {
			return "\n  " + what + " nothing"
		}
		return "\n  " + what + "\n    " + strings.TrimRight(strings.ReplaceAll(strings.Join(lines, ""), "\n", "\n    "), " \n")
	}
	return fmt.Sprintf("patch %s of %s no longer fits what is declared, from line %d of the text that it was made for:%s%s%s\nReplace the file with what is declared, and forget the patch, with --overwrite; or write into the file what it shall be, and keep that with --adopt",
		e.Name, e.Path, e.Line, version("declared was", e.Before), version("the patch makes of it", e.Theirs), version("declared is", e.Next))
}
