package detect

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/trust"
)

// Foreign reports whether root looks at a virtualenv that somebody else can
// change. Nothing of it is started as root, written to, or taken for a setting.
func (v Virtualenv) Foreign() bool { return v.OthersCanChange != "" }

// CheckTrusted refuses a Python that somebody else could change than those who
// are trusted: its base interpreter, standard library, libpython and headers,
// from which a module is built and which Apache's processes load. The error is a
// [trust.Untrusted] one.
func (p Python) CheckTrusted(trusted trust.Trustees) error {
	return firstUntrusted(trusted, p.places())
}

// CheckTrusted refuses an Apache that somebody else could change than those who
// are trusted: its program and its modules, and the headers, from which a module
// is built. The error is a [trust.Untrusted] one.
func (a Apache) CheckTrusted(trusted trust.Trustees) error {
	places := []string{a.Path, a.ModulesDir}
	for _, mpm := range a.MPMs {
		places = append(places, filepath.Join(a.ModulesDir, "mod_mpm_"+mpm+".so"))
	}
	if h := a.Headers; h != nil {
		places = append(places, h.APXS, h.Variables, h.IncludeDir, filepath.Join(h.IncludeDir, "httpd.h"), h.LibDir, h.APRConfig, h.APUConfig)
	}
	return firstUntrusted(trusted, hostfiles.NonEmpty(places))
}

// places are what a module is built from and runs with, beside its own source.
func (p Python) places() []string {
	places := []string{cmp.Or(p.Interpreter, p.Path), p.BasePrefix, p.PlatStdlib, p.IncludeDir, p.LibDir, p.Libpython, p.StaticLib}
	if p.IncludeDir != "" {
		places = append(places, filepath.Join(p.IncludeDir, "Python.h"))
	}
	if p.PlatStdlib != "" {
		places = append(places, treeAt("").Glob(p.PlatStdlib, "_sysconfigdata*.py")...)
	}
	return hostfiles.NonEmpty(places)
}

// firstUntrusted is about the first place that somebody else could change; one
// that is not there can be changed by nobody who may not put it there.
func firstUntrusted(trusted trust.Trustees, places []string) error {
	for _, place := range places {
		if err := trusted.Check(place); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// othersCanChange says by which of the places somebody else than root can change
// something: "/srv/shop/.venv: it belongs to alice". Only root asks.
func (t tree) othersCanChange(places ...string) string {
	if !t.IsHere() || os.Geteuid() != 0 {
		return ""
	}
	err := firstUntrusted(trust.Deciders(), places)
	if untrusted := (*trust.Untrusted)(nil); errors.As(err, &untrusted) {
		return untrusted.Where()
	}
	if err != nil {
		return err.Error()
	}
	return ""
}
