package audit

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// question is one request to one server, as far as it is known.
type question struct {
	view    *View
	scope   *scope
	request httpdconf.Request
	client  bool   // the request is a client's, with its Host, and no mere sample
	script  string // SCRIPT_NAME; only with scriptKnown
	port    int    // that names of groups carry, unless it is 80 or 443

	scriptKnown bool

	// What a client's request is, and what became of it on its way.
	asked      address
	kind       kind
	filename   string            // request.File, with the slash that a folder's may end with
	info       string            // PATH_INFO
	translated string            // the handler that the translation of the URL gave
	forced     string            // the handler of a rewrite rule, which overrides all others
	mountedBy  *Alias            // the alias that the translation found
	variables  map[string]string // that rewrite rules have set
	ruled      string            // forced, before it counts
	isLookup   bool              // mod_dir asks what a URL would be
	isError    bool              // an ErrorDocument is looked for
	ended      bool              // a rewrite rule with END went before
	redirects  int               // internal ones before this
	visits     *int              // of all requests that one of a client has led to
	serverSet  *ruleSet          // of the server, once it was asked for
	doubts     string            // why what follows is not certain
	doubtedBy  *httpdconf.Directive

	contextRoot, contextURL string // of the Alias that led to the file (ap_set_context_info)

	// given is the condition within which the question is asked, and inside
	// the section that is known to apply: those of the entry point.
	given  *httpdconf.Condition
	inside *httpdconf.Directive

	sections  []httpdconf.Layer // that apply, without the servers' own levels
	looked    bool              // sections are those for lookedFor
	lookedFor subject
}

// subject is what of a request decides which sections apply to it. They are
// looked up again when it changes, so that none outlives the URL, query or file
// that it was found for.
type subject struct {
	uri, query, file string
	folder           bool
}

func (q *question) subject() subject {
	return subject{q.request.URI, q.request.Query, q.request.File, q.request.Folder}
}

// choice are the directives that may be in effect for a setting of which the
// last one holds.
type choice struct {
	candidates []*httpdconf.Directive // the likely one first
	decided    bool                   // one of them is in effect for certain
	reason     string                 // why there is more than one possibility
}

// alternatives are the directives that may be in effect, nil for none.
func (c choice) alternatives() []*httpdconf.Directive {
	if c.decided {
		return c.candidates
	}
	return append(c.candidates[:len(c.candidates):len(c.candidates)], nil)
}

// pick finds the directive of that name that is in effect.
func (q *question) pick(name string) choice {
	if !q.view.has(name) && !q.hasHtaccess() {
		return choice{} // as for most of the names that are asked for
	}
	return q.pickWhere(func(d *httpdconf.Directive) bool { return d.Is(name) })
}

// pickWhere finds the directive that is in effect among those that are alike:
// the last one of the innermost layer.
func (q *question) pickWhere(alike func(*httpdconf.Directive) bool) choice {
	var c choice
	layers := q.layers()
	for i := len(layers) - 1; i >= 0; i-- {
		holds, reason := q.holds(layers[i])
		var own []*httpdconf.Directive
		for d := range layers[i].Directives() {
			if alike(d) && !isNever(d.Unknown) {
				own = append(own, d)
			}
		}
		if c.take(own, q.given, holds, reason); c.decided {
			return c
		}
	}
	levels := q.scope.levels()
	for i := len(levels) - 1; i >= 0 && !c.decided; i-- {
		var own []*httpdconf.Directive
		for _, d := range levels[i] {
			if alike(d) && !isNever(d.Unknown) {
				own = append(own, d)
			}
		}
		c.take(own, q.given, true, "")
	}
	return c
}

// take adds the directives of one layer, from the last to the first that is
// certain.
func (c *choice) take(own []*httpdconf.Directive, given *httpdconf.Condition, holds bool, reason string) {
	for i := len(own) - 1; i >= 0; i-- {
		c.candidates = append(c.candidates, own[i])
		doubt := undecided(own[i].Unknown, given)
		switch {
		case doubt == nil && holds:
			c.decided = true
			return
		case c.reason != "":
		case !holds:
			c.reason = reason
		default:
			c.reason = doubt.Reason
		}
	}
}

// layers are the sections that apply to the request, or may.
func (q *question) layers() []httpdconf.Layer {
	if q.looked && q.lookedFor == q.subject() {
		return q.sections
	}
	q.looked, q.lookedFor = true, q.subject()
	q.sections = slices.DeleteFunc(q.scope.server.SectionLayers(q.request), func(layer httpdconf.Layer) bool {
		return layer.Section != nil && (isNever(layer.Section.Unknown) || q.isElsewhere(layer.Section))
	})
	return q.sections
}

// hasHtaccess tells whether .htaccess files apply to the request: what they
// hold is not among the directives of the configuration.
func (q *question) hasHtaccess() bool {
	return slices.ContainsFunc(q.layers(), func(layer httpdconf.Layer) bool { return layer.File != nil })
}

// isElsewhere tells whether a section is for places that a sample request does
// not speak of: they are samples of their own.
func (q *question) isElsewhere(section *httpdconf.Directive) bool {
	if q.client || isWithin(q.inside, section) {
		return false
	}
	switch section.Name {
	case "<Location", "<LocationMatch":
		return q.request.URI == ""
	case "<Directory":
		return q.request.File == "" && section.Word(0) != "/"
	case "<DirectoryMatch", "<Files", "<FilesMatch":
		return q.request.File == ""
	}
	return false
}

// holds tells whether a layer applies for certain, given where the question is
// asked.
func (q *question) holds(layer httpdconf.Layer) (certain bool, reason string) {
	if layer.Holds == httpdconf.True || layer.Section != nil && isWithin(q.inside, layer.Section) {
		return true, ""
	}
	if s := layer.Section; s != nil && s.Unknown != nil && layer.Reason == s.Unknown.Reason && undecided(s.Unknown, q.given) == nil {
		return true, ""
	}
	return false, layer.Reason
}

// isWithin tells whether d is the section or stands inside it.
func isWithin(d, section *httpdconf.Directive) bool {
	for ; d != nil; d = d.Parent {
		if d == section {
			return true
		}
	}
	return false
}

// handler is the name of the handler that the request gets: the named one, or
// else the content type (ap_invoke_handler). The directive is the one that
// named it, nil for the translation's.
func (q *question) handler() (name string, by *httpdconf.Directive) {
	if name, by = q.namedHandler(); name != "" {
		return name, by
	}
	if d := q.byExtension("AddType", "RemoveType"); d != nil {
		name, by = strings.ToLower(d.Word(0)), d
	}
	if force := q.pick("ForceType"); len(force.candidates) > 0 && !strings.EqualFold(force.candidates[0].Word(0), "none") {
		name, by = strings.ToLower(force.candidates[0].Word(0)), force.candidates[0]
	}
	return name, by
}

// namedHandler is the handler from the one that the translation of the URL
// gave: AddHandler by the extensions of the file, then SetHandler (mod_mime:
// find_ct, core: core_override_type).
func (q *question) namedHandler() (name string, by *httpdconf.Directive) {
	name = q.translated
	if d := q.byExtension("AddHandler", "RemoveHandler"); d != nil {
		name, by = strings.ToLower(d.Word(0)), d
	}
	if set := q.pick("SetHandler"); len(set.candidates) > 0 {
		d := set.candidates[0]
		if !strings.EqualFold(d.Word(0), "none") {
			name, by = strings.ToLower(d.Word(0)), d
		}
	}
	if q.forced != "" {
		return q.forced, nil
	}
	return name, by
}

// byExtension is the directive that maps an extension of the file: of several
// extensions the last one counts.
func (q *question) byExtension(add, remove string) *httpdconf.Directive {
	base := strings.TrimLeft(q.request.File[strings.LastIndexByte(q.request.File, '/')+1:], ".")
	parts := strings.Split(base, ".")
	if q.request.Folder || len(parts) < 2 {
		return nil
	}
	for i := len(parts) - 1; i > 0; i-- {
		found := q.pickWhere(func(d *httpdconf.Directive) bool {
			return d.Is(add) && listsExtension(d.Words()[min(1, len(d.Words())):], parts[i]) ||
				d.Is(remove) && listsExtension(d.Words(), parts[i])
		})
		if len(found.candidates) > 0 && found.candidates[0].Is(add) {
			return found.candidates[0]
		}
	}
	return nil
}

func listsExtension(words []string, extension string) bool {
	for _, word := range words {
		if strings.EqualFold(strings.TrimPrefix(word, "."), extension) {
			return true
		}
	}
	return false
}

// handlerScript is the WSGIHandlerScript with that name that is in effect, or
// nil.
func (q *question) handlerScript(name string) *httpdconf.Directive {
	found := q.pickWhere(func(d *httpdconf.Directive) bool {
		return d.Is("WSGIHandlerScript") && d.Word(0) == name
	})
	if len(found.candidates) == 0 {
		return nil
	}
	return found.candidates[0]
}
