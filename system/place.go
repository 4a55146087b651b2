package system

import (
	"path/filepath"

	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/store"
)

// wants adds to all that shall be there the files of one sort.
type wants struct {
	installed.Place
	all     map[string]Want
	managed map[string]Managed // what is in the keeping of wsgictl already
}

// put wants the file of that name with that content, enabled.
func (w wants) put(name string, content []byte, rank int) {
	w.all[w.File(name)] = Want{PathState: store.NewFile(content, 0o644), Rank: rank}
	if w.Enabled != "" {
		w.link(name+w.Suffix, rank+1)
		w.mark(name, "enabled_by_admin", rank+2)
	}
}

// putDisabled wants the file of that name with that content where Apache does not
// read it, beside the place from which it would. Off is the rank of its being
// enabled no longer.
func (w wants) putDisabled(name string, content []byte, rank, off int) {
	w.all[w.Enabling(name)] = Want{Rank: off}
	if w.Enabled == "" {
		w.all[w.File(name)+".disabled"] = Want{PathState: store.NewFile(content, 0o644), Rank: rank}
		return
	}
	w.all[w.File(name)] = Want{PathState: store.NewFile(content, 0o644), Rank: rank}
	w.mark(name, "disabled_by_admin", rank+2)
}

// link wants the enabling link to a file of the folder.
func (w wants) link(file string, rank int) {
	target, err := filepath.Rel(w.Enabled, filepath.Join(w.Folder, file))
	if err != nil {
		target = filepath.Join(w.Folder, file)
	}
	w.all[filepath.Join(w.Enabled, file)] = Want{PathState: store.NewLink(target), Rank: rank}
}

// disable wants a file of somebody else's to be disabled, as long as
// that is wanted.
func (w wants) disable(name string, files []string, rank int) {
	for _, file := range files {
		w.all[filepath.Join(w.Enabled, file)] = Want{Rank: rank, Replaces: true}
	}
	w.mark(name, "disabled_by_admin", rank+1)
}

// markerFolders are those of a2enmod; a name is in one of them at most.
var markerFolders = []string{"enabled_by_admin", "enabled_by_maint", "disabled_by_admin", "disabled_by_maint"}

// mark notes what an administrator did, as a2enmod does, so that upgrades of
// packages leave it so.
func (w wants) mark(name, what string, rank int) {
	if w.Markers == "" {
		return
	}
	for _, folder := range markerFolders {
		path := filepath.Join(w.Markers, folder, name)
		if folder == what {
			w.all[filepath.Dir(path)] = Want{PathState: store.NewFolder(0o755)}
			w.all[path] = Want{PathState: store.NewFile([]byte{}, 0o644), Rank: rank, Replaces: true}
			continue
		}
		_, ours := w.managed[path]
		if entry, err := store.Read(path); ours || err == nil && entry.Kind != store.Absent {
			w.all[path] = Want{Rank: rank, Replaces: true}
		}
	}
}
