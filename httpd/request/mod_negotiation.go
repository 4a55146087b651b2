package request

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// negotiate is what MultiViews makes of a name that is not there: the file of
// that name with an extension that tells a type or, with MultiviewsMatch, a
// handler (handle_multi, read_types_multi). Where there are several, the client
// decides; where there is none among the files of that name, that is an error.
func (r located) negotiate() (located, *death) {
	if r.kind != missing || !r.allows("MultiViews") {
		return r, nil
	}
	variants, matches := r.variants()
	switch {
	case !matches:
		return r, nil
	case len(variants) == 0:
		return r, r.refuse(Ending{Kind: NoVariant})
	}
	for _, variant := range variants[:len(variants)-1] {
		if r.assume(Doubt{Reason: Unknown{Kind: Variant, Subject: path.Base(variant.Request.File)}, likely: true}) {
			return r.become(variant), nil
		}
	}
	return r.become(variants[len(variants)-1]), nil
}

// lookupBeside is the request for another file of the same folder: what leads
// from URIs to files is not asked again (ap_sub_req_lookup_dirent).
func (r located) lookupBeside(name string) received {
	sub := r.lookup(escapePath(path.Join(path.Dir(strings.TrimSuffix(r.URI, r.info)), name)))
	sub.URI += r.info
	sub.isBeside = true
	sub.file = path.Join(path.Dir(r.Request.File), name) + r.info
	return sub
}

// variants are the files that a name may stand for, which nothing refuses.
// matches tells whether there are files of that name at all.
func (r located) variants() (found []located, matches bool) {
	folder := path.Dir(r.Request.File)
	entries := r.server.Config.List(folder)
	r.Settings.lookAt(len(entries))
	for _, entry := range entries {
		extensions, ok := strings.CutPrefix(entry.Name(), path.Base(r.Request.File)+".")
		if !ok || entry.IsDir() {
			continue
		}
		matches = true
		if !entry.Type().IsRegular() && !r.isLinkToFollow(entry) {
			continue
		}
		variant, died := r.lookupBeside(entry.Name()).process()
		if died == nil && variant.kind == regular && variant.isVariant(strings.Split(extensions, ".")) {
			found = append(found, variant)
		}
	}
	return found, matches
}

// isLinkToFollow tells a symbolic link that Options outside of sections lets httpd
// follow: a lookup begins with these alone (ap_sub_req_lookup_dirent).
func (r located) isLinkToFollow(entry fs.DirEntry) bool {
	if entry.Type() != fs.ModeSymlink {
		return false
	}
	link := r.server.Config.SymbolicLinkAt(path.Join(path.Dir(r.Request.File), entry.Name()))
	outer := r.outerSettings()
	return !link.IsBroken && (outer.allows("FollowSymLinks", r.assume) || outer.followsLink(link, r.assume))
}

// isVariant tells whether each extension means something to the negotiation, and
// one of them is a type, which a file without cannot be chosen by.
func (r located) isVariant(extensions []string) bool {
	isTyped, handlers := false, r.matchesHandlers()
	for _, extension := range extensions {
		switch {
		case r.adds(extension, "AddType"), r.hasType(extension), handlers && r.adds(extension, "AddHandler"):
			isTyped = true
		case !r.adds(extension, "AddLanguage", "AddCharset", "AddEncoding"):
			return false
		}
	}
	return isTyped || r.forces("ForceType") || r.forces("SetHandler")
}

// matchesHandlers tells whether MultiviewsMatch has the extensions count that
// have a handler alone.
func (r located) matchesHandlers() bool {
	d := r.setting("MultiviewsMatch")
	return d != nil && slices.ContainsFunc(d.Words(), func(word string) bool {
		return strings.EqualFold(word, "Handlers") || strings.EqualFold(word, "Any")
	})
}

// adds tells whether a directive of one of these names lists an extension.
func (r located) adds(extension string, names ...string) bool {
	return r.Settings.settingWhere(func(d *conf.Directive) bool {
		return slices.ContainsFunc(names, d.Is) && listsExtension(afterFirst(d.Words()), extension)
	}, r.assume, names...) != nil
}

// forces tells whether a directive gives all files the same, whatever their names.
func (r located) forces(name string) bool {
	d := r.setting(name)
	return d != nil && !strings.EqualFold(d.Word(0), "none")
}
