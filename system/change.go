package system

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/store"
)

// A Want is what shall stand at a path.
type Want struct {
	store.PathState

	// Rank is the place of the path among the others: what others rest on has
	// a lower one. It is made before them and taken away after them.
	Rank int `json:"rank"`

	// Line is a line that shall stand in a file of somebody else's, at its end.
	// The rest of the file is not wsgictl's, and Entry is not used.
	Line string `json:"line,omitempty"`

	// Replaces says that what stands there may be taken away although it was
	// not made by wsgictl; it is given back once nothing wants the path.
	Replaces bool `json:"replaces,omitempty"`

	// Patch is what a person changed in the file, which is kept on top of what is
	// declared.
	Patch *Patch `json:"patch,omitempty"`

	// Adopted says that a person's own content was taken over by an older wsgictl,
	// which did not keep what was declared.
	Adopted bool `json:"adopted,omitempty"`

	// Certbot is what certbot added to the file, or, where it is Retired, to that
	// of its site.
	Certbot *CertbotLines `json:"certbot,omitempty"`

	// Retired says that what stood there was certbot's for a site. It is not given
	// back once nothing wants the path, but for a rollback.
	Retired bool `json:"retired,omitempty"`

	// Owners are the sites that the path is for; with the last of them
	// nothing wants it any more.
	Owners []string `json:"owners,omitempty"`
}

// CertbotLines are lines that certbot added to a file.
type CertbotLines struct {
	Lines   []string `json:"lines"`
	Without string   `json:"without,omitempty"` // digest of the file without them
}

// certbot are the lines of certbot in the file.
func (w Want) certbot() []string {
	if w.Certbot == nil {
		return nil
	}
	return w.Certbot.Lines
}

// ownDigest is that of the file as wsgictl made it.
func (w Want) ownDigest() string {
	if w.Certbot != nil && w.Certbot.Without != "" {
		return w.Certbot.Without
	}
	return w.Digest
}

// A Managed path is one that a generation has in its keeping.
type Managed struct {
	Want
	Original store.PathState `json:"original"` // what stood there before wsgictl came

	found []string // lines that certbot has added to what stands there now
}

// A Change turns what stands at a path into something else.
type Change struct {
	Path   string          `json:"path"`
	Before store.PathState `json:"before"`
	After  store.PathState `json:"after"`
}

// A Conflict is a path whose content is not wsgictl's to change: a person
// edited it, or made it.
type Conflict struct {
	Path    string
	Edited  bool            // since wsgictl wrote it; else it was never wsgictl's
	Current store.PathState // what stands there
	Wanted  store.PathState // what would stand there
	Ends    bool            // nothing of wsgictl's is wanted there any more, so that there is nothing to adopt

	// Disabled is the site that a person disabled, which the plan would enable
	// again: nothing stands at Path, which enabled it. Enabled is one that is declared
	// disabled and that a person enabled.
	Disabled, Enabled string

	// Group is a daemon process group that what stands there declares itself, as the
	// file Declared does for the plan, so that it cannot be adopted.
	Group, Declared string
}

// A Difference is what lies between what is wanted and what is there.
type Difference struct {
	Changes   []store.Change // in the order in which they are to be made
	Conflicts []Conflict
	Managed   map[string]Managed // the paths to keep from then on
}

// Compare finds what has to change so that all that is wanted is there, and
// what was managed and is no longer wanted is again as it was at first.
//
// What is wanted comes first, by rising rank; what is given back comes after
// it, by falling rank. Thus nothing ever stands without what it rests on.
func Compare(wanted map[string]Want, managed map[string]Managed) (Difference, error) {
	d := Difference{Managed: map[string]Managed{}}
	for _, path := range byRank(wanted, func(w Want) int { return w.Rank }) {
		if err := d.bring(path, wanted[path], managed); err != nil {
			return Difference{}, err
		}
	}
	ended := maps.Clone(managed)
	maps.DeleteFunc(ended, func(path string, _ Managed) bool { _, still := wanted[path]; return still })
	givenBack := byRank(ended, func(m Managed) int { return m.Rank })
	slices.Reverse(givenBack)
	for _, path := range givenBack {
		if err := d.giveBack(path, ended[path]); err != nil {
			return Difference{}, err
		}
	}
	return d, d.makeFolders()
}

// makeFolders adds, at the start, the folders that are gone and that changes need:
// a person has removed them, or wsgictl did while nobody else's file was in them.
func (d *Difference) makeFolders() error {
	known, missing := map[string]bool{}, []store.Change{}
	for _, change := range d.Changes {
		known[change.Path] = change.After.Kind == store.Folder
	}
	for _, change := range d.Changes {
		for dir := filepath.Dir(change.Path); change.After.Kind != store.Absent && !known[dir]; dir = filepath.Dir(dir) {
			if _, err := os.Lstat(dir); err == nil { // whoever's it is: it is looked at before it is written to
				break
			} else if !store.IsAbsent(err) {
				return err
			}
			known[dir] = true
			missing = append(missing, store.Change{Path: dir, After: store.NewFolder(0o755)})
		}
	}
	slices.SortFunc(missing, func(a, b store.Change) int { return cmp.Compare(a.Path, b.Path) })
	d.Changes = append(missing, d.Changes...)
	return nil
}

// bring compares one path that is wanted.
func (d *Difference) bring(path string, want Want, managed map[string]Managed) error {
	current, err := store.Read(path)
	if err != nil {
		return err
	}
	last, known := managed[path]
	original := d.original(path, current, want)
	if known {
		original = last.Original
	}
	d.Managed[path] = Managed{Want: want, Original: original}
	if want.Line != "" {
		d.change(path, current, withLine(current, want.Line))
		return nil
	}
	if current.Equal(want.PathState) || current.Kind == store.Folder && want.Kind == store.Folder {
		return nil
	}
	if isEdited(current, want, last, known) {
		d.Conflicts = append(d.Conflicts, Conflict{Path: path, Edited: known || isManaged(current), Current: current, Wanted: want.PathState, Ends: want.Kind == store.Absent})
	}
	d.Changes = append(d.Changes, store.Change{Path: path, Before: current, After: want.PathState})
	return nil
}

// original is what is given back once nothing wants a path: what stood there when wsgictl
// came. That is nothing where it is wsgictl's own, of which a store knew that is lost.
func (d *Difference) original(path string, current store.PathState, want Want) store.PathState {
	target := filepath.Join(filepath.Dir(path), current.Target)
	own := isManaged(current) || modwsgi.IsCopy(path)
	if file, managed := d.Managed[target]; current.Kind == store.Link && current.Equal(want.PathState) && managed {
		own = file.Kind == store.File && file.Original.Kind == store.Absent
	}
	if own {
		return store.PathState{}
	}
	return current
}

// isEdited tells whether what stands at a path that is wanted is a person's.
func isEdited(current store.PathState, want Want, last Managed, known bool) bool {
	if known {
		return !current.Equal(last.PathState) && !current.Equal(last.Original) && !(want.Replaces && current.IsEmpty())
	}
	return current.Kind != store.Absent && !want.Replaces && !isUnedited(current)
}

// giveBack compares one path that was managed and is no longer wanted.
func (d *Difference) giveBack(path string, last Managed) error {
	current, err := store.Read(path)
	if err != nil {
		return err
	}
	if current.Equal(last.Original) {
		return nil
	}
	if last.Line != "" {
		d.change(path, current, withoutLine(current, last))
		return nil
	}
	if !current.Equal(last.PathState) && (current.Kind != store.Folder || last.Kind != store.Folder) && !(last.Replaces && current.IsEmpty()) {
		d.Conflicts = append(d.Conflicts, Conflict{Path: path, Edited: true, Current: current, Wanted: last.Original, Ends: true})
	}
	d.Changes = append(d.Changes, store.Change{Path: path, Before: current, After: last.Original})
	return nil
}

func (d *Difference) change(path string, before, after store.PathState) {
	if !before.Equal(after) {
		d.Changes = append(d.Changes, store.Change{Path: path, Before: before, After: after})
	}
}

func byRank[V any](paths map[string]V, rank func(V) int) []string {
	return slices.SortedFunc(maps.Keys(paths), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(paths[a]), rank(paths[b])), cmp.Compare(a, b))
	})
}
