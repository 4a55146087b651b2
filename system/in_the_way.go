package system

import (
	"errors"
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/store"
)

// InTheWay is an error that names what persons did and the plan would undo.
func (p *Plan) InTheWay() error {
	var all []error
	var edited, ending []string
	for _, conflict := range p.Conflicts {
		path, what := conflict.Path, "was not made by wsgictl"
		if conflict.Disabled != "" {
			all = append(all, fmt.Errorf("site %[1]s was disabled by a person (%[2]s is gone): keep it so with disabled = true in its [site.%[1]s], or enable it again with --overwrite", conflict.Disabled, path))
			continue
		}
		if conflict.Enabled != "" {
			all = append(all, fmt.Errorf("site %[1]s is declared with disabled = true, and was enabled by a person (%[2]s is there): take that key out of its [site.%[1]s] to serve it, or disable it again with --overwrite", conflict.Enabled, path))
			continue
		}
		if conflict.Group != "" && !conflict.Ends {
			all = append(all, wholeSite(conflict))
			continue
		}
		if conflict.Edited {
			what = "was edited since wsgictl wrote it"
		}
		if p.IsShared(path) {
			path += ", which several projects share,"
		}
		if conflict.Ends {
			ending = append(ending, path+" "+what)
		} else {
			edited = append(edited, path+" "+what)
		}
	}
	if len(edited) > 0 {
		all = append(all, fmt.Errorf("%s; the diff shows it. Keep what is there with --adopt, or replace it with --overwrite", strings.Join(edited, "; ")))
	}
	if len(ending) > 0 {
		all = append(all, fmt.Errorf("%s, and would be removed; the diff shows it. Save elsewhere what is to be kept of it, and let it be removed with --overwrite", strings.Join(ending, "; ")))
	}
	return errors.Join(all...)
}

// wholeSite is what is in the way as a site with its daemon process group in one file.
func wholeSite(conflict Conflict) error {
	return fmt.Errorf("%s declares daemon process group %s itself, as what \"wsgictl render site\" prints does, and %s declares it too: Apache takes one of them, so that --adopt cannot keep the file. Replace it with --overwrite, after writing into wsgictl.toml what the diff takes away and the site needs; a rollback brings it back",
		conflict.Path, conflict.Group, conflict.Declared)
}

// ByAPerson says what a person did to what is in the way.
func (c Conflict) ByAPerson() string {
	what := "was made by a person"
	switch {
	case c.Disabled != "":
		return fmt.Sprintf("a person disabled site %s", c.Disabled)
	case c.Current.Kind == store.Absent:
		what = "was removed by a person"
	case c.Edited:
		what = "was edited by a person"
	}
	return c.Path + " " + what
}

// SinceApplied says what became of a path that is not as it was applied.
func SinceApplied(change store.Change) string {
	if change.Before.Kind == store.Absent {
		return change.Path + " is gone"
	}
	return fmt.Sprintf("%s was modified: there is %s", change.Path, change.Before)
}
