package request

import (
	"cmp"
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// ofMime are the directives of mod_mime: with any of them a section has a
// configuration of that module.
var ofMime = []string{
	"AddCharset", "AddEncoding", "AddHandler", "AddInputFilter", "AddLanguage", "AddOutputFilter", "AddType", "DefaultLanguage", "ModMimeUsePathInfo", "MultiviewsMatch",
	"RemoveCharset", "RemoveEncoding", "RemoveHandler", "RemoveInputFilter", "RemoveLanguage", "RemoveOutputFilter", "RemoveType",
}

// mapping is what a configuration of mod_mime says of the handler of an extension.
type mapping struct {
	isThere bool            // there is such a configuration at all
	adds    *conf.Directive // the AddHandler, or nil
	removes bool            // it has a RemoveHandler, in whichever order
}

// with is a mapping with another one merged into it: what that removes is removed
// from both, and forgotten then (merge_mime_dir_configs).
func (m mapping) with(inner mapping) mapping {
	switch {
	case !inner.isThere:
		return m
	case !m.isThere:
		return inner
	case inner.removes:
		return mapping{isThere: true}
	}
	return mapping{isThere: true, adds: cmp.Or(inner.adds, m.adds)}
}

// handlerNotRemoved is the AddHandler for an extension where there is a
// RemoveHandler for it, or nil. httpd merges the sections of one kind with each
// other before it merges them into the server, so that a RemoveHandler of which
// another section of that kind makes it forget removes nothing of the server.
func (set *Settings) handlerNotRemoved(extension string, assume Assume) *conf.Directive {
	levels := set.Server.levels(ofMime...)
	whole := set.mappingIn(levels[0], extension, assume)
	whole.isThere = true // the main server has one in any case, which is merged into nothing
	for _, level := range levels[1:] {
		whole = whole.with(set.mappingIn(level, extension, assume))
	}
	var alike mapping
	last := noWalk
	for layer := range set.outermost(ofMime...) {
		if walk := walkOf(layer); walk != last {
			whole, alike, last = whole.with(alike), mapping{}, walk
		}
		own := set.alikeIn(layer, func(d *conf.Directive) bool { return isOneOf(d, ofMime) })
		if len(own) > 0 && set.applies(layer, assume) {
			alike = alike.with(set.mappingIn(own, extension, assume))
		}
	}
	return whole.with(alike).adds
}

// mappingIn is that of the directives of one section.
func (set *Settings) mappingIn(own []*conf.Directive, extension string, assume Assume) mapping {
	var m mapping
	for _, d := range own {
		if !isOneOf(d, ofMime) || !set.holds(d, assume) {
			continue
		}
		m.isThere = true
		switch {
		case d.Is("AddHandler") && listsExtension(afterFirst(d.Words()), extension):
			m.adds = d
		case d.Is("RemoveHandler") && listsExtension(d.Words(), extension):
			m.removes = true
		}
	}
	return m
}

// removesHandler tells whether any RemoveHandler that may be in effect is for an
// extension.
func (set *Settings) removesHandler(extension string) bool {
	if !set.hasHtaccess && !set.Server.Config.Has("RemoveHandler") {
		return false
	}
	removes := func(d *conf.Directive) bool {
		return d.Is("RemoveHandler") && listsExtension(d.Words(), extension)
	}
	for _, level := range set.Server.levels("RemoveHandler") {
		if slices.ContainsFunc(level, removes) {
			return true
		}
	}
	for layer := range set.outermost("RemoveHandler") {
		if len(set.alikeIn(layer, removes)) > 0 {
			return true
		}
	}
	return false
}

// walk is one of the hooks in which httpd merges sections with each other
// (ap_directory_walk and its like).
type walk int

const (
	noWalk walk = iota
	directoryWalk
	fileWalk
	locationWalk
	ifWalk
)

func walkOf(layer conf.Layer) walk {
	switch s := layer.Section; {
	case s == nil, s.Is("<Directory"), s.Is("<DirectoryMatch"):
		return directoryWalk
	case s.Is("<Files"), s.Is("<FilesMatch"):
		return fileWalk
	case s.Is("<Location"), s.Is("<LocationMatch"):
		return locationWalk
	}
	return ifWalk
}
