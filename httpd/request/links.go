package request

import (
	"path"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// checkLinks refuses a request on the way to whose file there is a symbolic link that
// leads nowhere, or that Options of the folders above does not let httpd follow
// (ap_directory_walk, resolve_symlink).
func (r located) checkLinks() *death {
	file := r.Request.File
	if r.kind == missing {
		if link := r.server.Config.SymbolicLinkAt(file); link.Is && link.IsBroken {
			return r.refuseLink(file)
		}
	}
	if r.kind == unseen || !r.mayRefuseLinks() || r.isBeside && r.allows("FollowSymLinks") {
		return nil // of another file in a folder that was walked to, httpd asks no more
	}
	for end := nextSlash(file, 0); ; end = nextSlash(file, end) {
		if link := r.server.Config.SymbolicLinkAt(file[:end]); link.Is && !r.follows(link, path.Dir(file[:end])) {
			return r.refuseLink(file[:end])
		}
		if end == len(file) {
			return nil
		}
	}
}

// refuseLink is the refusal of a link. No section for places counts for it yet.
func (r located) refuseLink(name string) *death {
	return r.received.refuse(r.outerSettings(), Ending{Kind: LinkRefused, Subject: name}.refusal())
}

// follows tells whether httpd follows a link in a folder.
func (r located) follows(link conf.SymbolicLink, folder string) bool {
	set := *r.Settings
	set.conditions = conditions{}
	set.Layers = nil
	for _, layer := range r.Settings.Layers {
		if at, ok := walkedFolder(layer); ok && at <= strings.Count(strings.TrimSuffix(folder, "/"), "/") {
			set.Layers = append(set.Layers, layer)
		}
	}
	return set.followsLink(link, r.assume)
}

// followsLink tells whether Options lets httpd follow a link.
func (set *Settings) followsLink(link conf.SymbolicLink, assume Assume) bool {
	if set.allows("SymLinksIfOwnerMatch", assume) {
		return link.SameOwner
	}
	return !link.IsBroken && set.allows("FollowSymLinks", assume)
}

// walkedFolder is how deep the folder lies that a layer is for which counts on the way
// to a file: 0 for "/". It is false for other layers.
func walkedFolder(layer conf.Layer) (depth int, ok bool) {
	folder := ""
	switch {
	case layer.Htaccess != nil:
		folder = path.Dir(layer.Htaccess.File.Name)
	case layer.Section == nil || layer.Section.Name != "<Directory" || layer.Section.Word(0) == "~":
		return 0, false
	default:
		folder = path.Clean(layer.Section.Word(0))
	}
	return strings.Count(strings.TrimSuffix(folder, "/"), "/"), true
}

// mayRefuseLinks tells whether any Options around the request may keep httpd from
// following links: most configurations have none such.
func (r located) mayRefuseLinks() bool {
	set := r.Settings
	if !set.hasHtaccess && !set.Server.Config.Has("Options") {
		return false
	}
	for _, level := range set.Server.levels("Options") {
		if slices.ContainsFunc(level, mayKeepFromLinks) {
			return true
		}
	}
	for _, layer := range set.Layers {
		if _, ok := walkedFolder(layer); ok && len(set.alikeIn(layer, mayKeepFromLinks)) > 0 {
			return true
		}
	}
	return false
}

func mayKeepFromLinks(d *conf.Directive) bool {
	return d.Is("Options") && (withOptions(expr.True, d.Words(), "FollowSymLinks") != expr.True || withOptions(expr.False, d.Words(), "SymLinksIfOwnerMatch") == expr.True)
}
