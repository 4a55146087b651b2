package request

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Handler is what a request gets its answer from.
type Handler struct {
	Name string          // of the handler, or else the content type, in lower case
	By   *conf.Directive // that named it; nil for the translation of the URI

	isType  bool        // it is a content type
	isEmpty bool        // it is called ""; Name is that of the core then
	doubt   expr.Reason // why the name is not known; nil where it is
}

// The handlers of the core, for files, and of mod_autoindex.
const defaultHandler, folderHandler = "default-handler", "httpd/unix-directory"

// isOfTypes tells a content type that no module takes: those of PHP and the like
// some do.
func (h Handler) isOfTypes() bool {
	return h.isType && !strings.HasPrefix(h.Name, "application/x-httpd-")
}

// isOfFolders tells whether mod_autoindex lists folders with this handler
// (handle_autoindex).
func (h Handler) isOfFolders() bool { return h.Name == "" || h.Name == folderHandler || h.isEmpty }

// Handler is the handler of the request on one branch: the named one, or else
// the content type (ap_invoke_handler). translated is the handler that the
// translation of the URI gave.
func (set *Settings) Handler(translated string, assume Assume) Handler {
	f := set.facts()
	return set.handlerOr(set.namedHandler(translated, f, assume), f, assume)
}

// handlerOr is the named handler, or else the content type.
func (set *Settings) handlerOr(named Handler, f facts, assume Assume) Handler {
	if named.Name != "" {
		return named
	}
	h := Handler{}
	if d := set.byExtension(set.typeFor, "AddType", f, assume); d != nil {
		h = Handler{Name: strings.ToLower(d.Word(0)), By: d, isType: true}
	}
	if d := set.setting("ForceType", assume); d != nil && !strings.EqualFold(d.Word(0), "none") {
		h = Handler{Name: strings.ToLower(d.Word(0)), By: d, isType: true}
	}
	return h
}

// namedHandler is the handler from the one that the translation of the URI
// gave: AddHandler by the extensions of the file, then SetHandler (mod_mime:
// find_ct, core: core_override_type).
func (set *Settings) namedHandler(translated string, f facts, assume Assume) Handler {
	h := Handler{Name: translated}
	if d := set.byExtension(set.handlerFor, "AddHandler", f, assume); d != nil {
		h = Handler{Name: strings.ToLower(d.Word(0)), By: d}
	}
	if d := set.setting("SetHandler", assume); d != nil {
		if own := handlerIn(d, f); own.Name != "none" {
			h = own
		}
	}
	return h
}

// setsHandler tells whether a SetHandler names the handler of a request
// (core_override_type).
func (r located) setsHandler() bool {
	d := r.setting("SetHandler")
	return d != nil && handlerIn(d, r.facts()).Name != "none"
}

// handlerIn is the handler that a SetHandler names, in which there may be
// variables.
func handlerIn(d *conf.Directive, f facts) Handler {
	word := d.Word(0)
	if !strings.ContainsAny(word, `%$\`) {
		return Handler{Name: strings.ToLower(word), By: d}
	}
	h := Handler{Name: strings.ToLower(word), By: d}
	text, err := expr.ParseText(word)
	if err != nil {
		h.doubt = expr.Beyond{Kind: expr.NotUnderstood, Subject: err.Error()}
		return h
	}
	value := text.Value(f)
	if h.doubt = value.Reason; h.doubt == nil {
		h.Name, h.isEmpty = cmp.Or(strings.ToLower(value.Text), defaultHandler), value.Text == ""
	}
	return h
}

// byExtension is the directive, of that name, that maps an extension of the file, or of
// what follows it in the URI where ModMimeUsePathInfo says so: of several extensions the
// last one counts.
func (set *Settings) byExtension(mapped func(extension string, assume Assume) *conf.Directive, name string, f facts, assume Assume) *conf.Directive {
	if !set.hasHtaccess && !set.Server.Config.Has(name) {
		return nil
	}
	file := set.Request.File
	if f.info.Text != "" && set.setting("ModMimeUsePathInfo", assume).IsOn() {
		file += f.info.Text
	}
	base := strings.TrimLeft(file[strings.LastIndexByte(file, '/')+1:], ".")
	parts := strings.Split(base, ".")
	if set.Request.Folder || len(parts) < 2 {
		return nil
	}
	for _, extension := range slices.Backward(parts[1:]) {
		if d := mapped(extension, assume); d != nil {
			return d
		}
	}
	return nil
}

// handlerFor is the AddHandler for an extension, or nil.
func (set *Settings) handlerFor(extension string, assume Assume) *conf.Directive {
	if set.removesHandler(extension) {
		return set.handlerNotRemoved(extension, assume)
	}
	return set.settingWhere(func(d *conf.Directive) bool {
		return d.Is("AddHandler") && listsExtension(afterFirst(d.Words()), extension)
	}, assume, "AddHandler")
}

// typeFor is the AddType for an extension, or nil: RemoveType gives it an empty type.
func (set *Settings) typeFor(extension string, assume Assume) *conf.Directive {
	d := set.settingWhere(func(d *conf.Directive) bool {
		return d.Is("AddType") && listsExtension(afterFirst(d.Words()), extension) || d.Is("RemoveType") && listsExtension(d.Words(), extension)
	}, assume, "AddType", "RemoveType")
	if d != nil && d.Is("RemoveType") {
		return nil
	}
	return d
}

func afterFirst(words []string) []string { return words[min(1, len(words)):] }

func listsExtension(words []string, extension string) bool {
	for _, word := range words {
		if strings.EqualFold(strings.TrimPrefix(word, "."), extension) {
			return true
		}
	}
	return false
}
