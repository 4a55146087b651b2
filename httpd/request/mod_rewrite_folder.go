package request

import (
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// rewriteFolder carries out the rules of the sections and .htaccess files around
// the file, and notes what they lead to (hook_fixup).
func (r located) rewriteFolder() (located, *death) {
	rules := r.folderRules()
	if rules == nil || r.ended || r.filename == "" || r.leadsTo != nil || !rules.has("allownoslash") && r.filename+"/" == rules.folder {
		return r, nil
	}
	if !r.allows("FollowSymLinks") && !r.allows("SymLinksIfOwnerMatch") {
		return r, r.refuse(Ending{Kind: NoFollowSymLinks})
	}
	pass := rewriting{received: r.received, early: r.Settings, folder: rules.folder, filename: r.filename, info: r.info, query: r.Query}
	pass.apply(&rules.ruleSet)
	r.received = pass.received
	r.forced = pass.forced.or(r.forced)
	switch {
	case pass.taken:
		return r, r.endBy(pass.taker().Directive, pass.status())
	case pass.changed && pass.filename != r.filename:
		to := splitURL(withQuery(r.uriOfRewritten(pass.filename, rules), pass.query)) // which nothing has escaped
		r.leadsTo = &to
	}
	return r, nil
}

// uriOfRewritten is the URI of what the rules of a section led to.
func (r located) uriOfRewritten(name string, rules *folderRules) string {
	if rules.base != "" {
		if uri, ok := exchange(name, rules.folder, rules.base); ok {
			return uri
		}
	} else if below, ok := strings.CutPrefix(name, path.Clean(r.server.DocumentRoot())); ok && strings.HasPrefix(below, "/") {
		return below
	}
	if r.contextFolder != "" {
		if uri, ok := exchange(name, r.contextFolder, r.contextURL); ok {
			return uri
		}
	}
	return name
}

// exchange puts a URL in the place of the folder that a name begins with
// (subst_prefix_path).
func exchange(name, folder, url string) (exchanged string, ok bool) {
	below, ok := strings.CutPrefix(name, strings.TrimSuffix(folder, "/")+"/")
	if !ok {
		return name, false
	}
	return strings.TrimSuffix(url, "/") + "/" + below, true
}

// folderRules are the rules of the innermost section or .htaccess file around
// the request that has any directive of mod_rewrite.
type folderRules struct {
	ruleSet
	folder string // of the section, with a slash at its end
}

// folderRules are those in effect for the request, nil for none.
func (r located) folderRules() *folderRules {
	var set ruleSet
	folder := ""
	for layer := range r.Settings.outermost(ofRewrite...) {
		directives := r.Settings.alikeIn(layer, isOfRewrite)
		if len(directives) == 0 || !r.Settings.applies(layer, r.assume) {
			continue
		}
		r.spend(len(directives), nil)
		own := readRules(r.server.Config, directives, func(d *conf.Directive) bool { return r.Settings.holds(d, r.assume) })
		if own.any {
			set, folder = set.merge(own), folderOfLayer(layer)
		}
	}
	if len(set.rules) == 0 || !r.setting("RewriteEngine").IsOn() {
		return nil
	}
	return &folderRules{set, folder}
}

// folderOfLayer is what httpd takes for the folder of a section: its argument.
func folderOfLayer(layer conf.Layer) string {
	folder := ""
	if layer.Htaccess != nil {
		folder = path.Dir(layer.Htaccess.File.Name)
	} else if folder = layer.Section.Word(0); folder == "~" {
		folder = layer.Section.Word(1)
	}
	return strings.TrimSuffix(folder, "/") + "/"
}
