package installer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/detect"
)

// Restrictions are what settings forbid, beside the places where to look. Each
// says where it was set, and is empty where it was not.
type restrictions struct {
	before     time.Time // what was uploaded later is not taken from an index
	beforeFrom string
	noSource   string // no package may be built from its source
	remedy     string // how mod_wsgi is exempted
}

// restrictions are those of pip and of uv, as far as they lead.
func (s PipEnvironment) restrictions(venv *detect.Virtualenv, now time.Time) (restrictions, error) {
	pip, from, err := s.pipConfig()
	if err != nil {
		return restrictions{}, err
	}
	uv, err := s.uvSettings()
	if err != nil {
		return restrictions{}, err
	}
	var r restrictions
	lead := uv.lead(pip, venv)
	if lead {
		if err := r.addUV(uv, now); err != nil {
			return restrictions{}, err
		}
	}
	if !lead || venv == nil || venv.Kind != "uv" {
		err = r.addPip(pip, from, now)
	}
	return r, err
}

func (r *restrictions) addUV(uv uvSettings, now time.Time) error {
	if uv.noBuild != "" {
		r.noSource, r.remedy = "uv's setting no-build ("+uv.noBuild+")", "name an archive with --source"
	}
	if uv.before == "" {
		return nil
	}
	return r.until(uv.before, "uv's setting exclude-newer ("+uv.beforeFrom+")", now, 24*time.Hour)
}

func (r *restrictions) addPip(pip pipSettings, from map[string]string, now time.Time) error {
	if pip.forbidsSource() {
		r.noSource = "pip's setting only-binary (" + from["only-binary"] + ")"
		r.remedy = "exempt it with no-binary (PIP_NO_BINARY=mod_wsgi), or name an archive with --source"
	}
	if pip["uploaded-prior-to"] == "" {
		return nil
	}
	return r.until(pip["uploaded-prior-to"], "pip's setting uploaded-prior-to ("+from["uploaded-prior-to"]+")", now, 0)
}

// until sets a bound in time, unless there is an earlier one. A day without an
// hour ends that long after it begins.
func (r *restrictions) until(text, from string, now time.Time, day time.Duration) error {
	before, err := cutoff(text, now, day)
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	if r.before.IsZero() || before.Before(r.before) {
		r.before, r.beforeFrom = before, from
	}
	return nil
}

// check refuses to build anything where that is forbidden.
func (r restrictions) check() error {
	if r.noSource == "" {
		return nil
	}
	return fmt.Errorf("%s allows no package to be built from its source, and mod_wsgi is: %s", r.noSource, r.remedy)
}

// old are the archives of indexes that were uploaded in time. Of an archive whose
// index does not tell when that was, pip and uv take none.
func (r restrictions) old(archives []Archive, findLinks []string) []Archive {
	if r.before.IsZero() {
		return archives
	}
	return slices.DeleteFunc(slices.Clone(archives), func(a Archive) bool {
		return !slices.Contains(findLinks, a.place) && (a.Uploaded.IsZero() || !a.Uploaded.Before(r.before))
	})
}

// explain adds to an error which archives were left out.
func (r restrictions) explain(err error, leftOut int) error {
	if err == nil || leftOut == 0 {
		return err
	}
	return fmt.Errorf("%w; %d archives are left out by %s: they were uploaded after %s, or the index does not tell when",
		err, leftOut, r.beforeFrom, r.before.Format(time.RFC3339))
}

// forbidsSource reports whether only-binary and no-binary, which are lists of
// names, leave no source of mod_wsgi: the name comes before ":all:".
func (p pipSettings) forbidsSource() bool {
	binary, source := formatNames(p["only-binary"]), formatNames(p["no-binary"])
	switch {
	case slices.Contains(binary, project):
		return true
	case slices.Contains(source, project):
		return false
	}
	return slices.Contains(binary, ":all:")
}

// formatNames are normalized names; ":none:" takes those before it away.
func formatNames(text string) []string {
	var names []string
	for name := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' }) {
		if name == ":none:" {
			names = nil
			continue
		}
		names = append(names, separators().ReplaceAllString(strings.ToLower(name), "-"))
	}
	return names
}
