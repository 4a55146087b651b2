package conf

import (
	"fmt"
	"maps"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// htaccess reads the .htaccess files of a configuration, each once.
type htaccess struct {
	mu     sync.Mutex
	reader *reader // as it stood at the end of the configuration
	read   map[string]*Config
	absent map[string]bool // folders that are not there
}

// overrides are what a .htaccess file may hold, as AllowOverride and
// AllowOverrideList of the Directory sections so far leave it.
type overrides struct {
	classes Context
	names   map[string]bool // of AllowOverrideList, in lower case
	options overrideOptions // that Options may change
	holds   expr.Truth      // Unknown when a section that sets them is
	reason  expr.Reason
	lenient bool // Nonfatal: what is not allowed is passed over
	set     bool // by any section; until then files are read, and refused if they hold anything
}

var overrideClasses = map[string]Context{
	"limit": OverrideLimit, "options": OverrideOptions, "fileinfo": OverrideFileInfo,
	"authconfig": OverrideAuthConfig, "indexes": OverrideIndexes, "all": OverrideAll,
}

// merge takes over what a directory section says (core_opts_merge).
func (o *overrides) merge(l Layer) {
	for d := range l.Directives() {
		switch {
		case d.Is("AllowOverride"):
			o.classes, o.options, o.lenient, o.set = 0, nil, false, true
			var room [8]string
			for _, word := range d.WordsIn(&room) {
				class, detail, _ := strings.Cut(strings.ToLower(word), "=")
				o.classes |= overrideClasses[class]
				if class == "options" {
					o.options = newOverrideOptions(detail)
				}
				o.lenient = o.lenient || class == "nonfatal" && (detail == "override" || detail == "all")
			}
		case d.Is("AllowOverrideList"):
			o.names = map[string]bool{}
			for _, word := range d.Words() {
				o.names[strings.ToLower(word)] = true
			}
			delete(o.names, "none")
		default:
			continue
		}
		o.set = o.set || len(o.names) > 0
		o.holds, o.reason = l.Holds.And(d.certain()), l.Reason
		if d.Unknown != nil {
			o.reason = d.Unknown.Reason
		}
	}
}

// allows tells whether a directive may stand in a .htaccess file.
func (o *overrides) allows(context Context, name string) bool {
	return o.classes&context != 0 || o.names[strings.ToLower(name)]
}

// htaccess adds the .htaccess file of folder, where one is and may hold
// anything (ap_parse_htaccess).
func (w *walker) htaccess(folder string) {
	if w.absent || w.overrides.set && w.overrides.classes == 0 && len(w.overrides.names) == 0 {
		return
	}
	if w.absent = w.server.Config.htaccess.lacks(folder); w.absent {
		return
	}
	for _, name := range w.server.accessFileNames() {
		if content := w.server.Config.htaccess.get(join(folder, name)); content != nil {
			var inside sections
			inside.collect(content.topSections(), content.regexps)
			w.add(w.htaccessLayer(content), &inside)
			return
		}
	}
}

func (w *walker) htaccessLayer(content *Config) Layer {
	file := &Htaccess{File: content.Files[0]}
	layer := Layer{Htaccess: file, Holds: expr.True, first: content.first()}
	if w.overrides.set {
		layer.Holds, layer.Reason = w.overrides.holds, w.overrides.reason
	}
	for d := range content.All() {
		if what := w.refusedInHtaccess(d); what != "" {
			file.Problem = fmt.Sprintf("%s: %s not allowed here", d.Pos(), what)
			break
		}
	}
	for _, condition := range content.conditions {
		if file.Problem == "" && !w.overrides.allows(OverrideAll, condition.section) && !w.overrides.lenient {
			file.Problem = fmt.Sprintf("%s: %s not allowed here", condition.pos, condition.section)
		}
	}
	if errors := content.Errors(); len(errors) > 0 && file.Problem == "" {
		file.Problem = errors[0].Pos.String() + ": " + errors[0].Message
	}
	return layer
}

// refusedInHtaccess is what a directive must not be or hold at this point of the
// walk, "" for none.
func (w *walker) refusedInHtaccess(d *Directive) string {
	known := w.server.Config.htaccess.form(d.Name)
	if known != nil && !w.overrides.allows(known.Context, d.Name) && !w.overrides.lenient {
		return d.Name
	}
	if option := w.overrides.options.refused(d); option != "" {
		return "Option " + option
	}
	return ""
}

// accessFileNames are the names of AccessFileName, those of the main server
// where a virtual host has none. They are looked for once.
func (s *Server) accessFileNames() []string {
	s.accessOnce.Do(func() {
		for d := range s.Directives() {
			if d.Is("AccessFileName") {
				s.accessNames = d.Words()
			}
		}
		switch {
		case len(s.accessNames) > 0:
		case s.IsVirtual():
			s.accessNames = s.Config.Main().accessFileNames()
		default:
			s.accessNames = []string{".htaccess"}
		}
	})
	return s.accessNames
}

// lacks tells whether a folder is not there, so that nothing in it or below is:
// the sites of another host are all below one that this host lacks.
func (h *htaccess) lacks(folder string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.absent[folder] {
		return true
	}
	if h.reader.files.isFolder(folder) {
		return false
	}
	if h.absent == nil {
		h.absent = map[string]bool{}
	}
	h.absent[folder] = true
	return true
}

// get reads the file name; nil where there is none.
func (h *htaccess) get(name string) *Config {
	h.mu.Lock()
	defer h.mu.Unlock()
	if found, ok := h.read[name]; ok {
		return found
	}
	var found *Config
	switch file, err := h.reader.files.get(name); {
	case err == nil:
		found = h.reader.fork(file)
	case isRefused(err):
		found = h.reader.fork(&File{Name: name, content: &content{}})
		found.addError(name, systemMessage(err))
	}
	h.read[name] = found
	return found
}

func (h *htaccess) form(name string) *knownDirective {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.reader.modules.directive(name)
}

// fork reads a file with what is known at the end of the configuration, and
// leaves that as it is.
func (r *reader) fork(file *File) *Config {
	fork := *r
	fork.config = &Config{
		ServerRoot: r.config.ServerRoot, another: r.config.another, release: r.config.release,
		files: r.files, regexps: r.config.regexps, alike: map[string]*alike{}, Searched: map[string]*Link{},
	}
	fork.names = map[string]*spelling{}
	fork.isHtaccess = true
	fork.variables, fork.macros = r.variables.clone(), maps.Clone(r.macros)
	fork.stream, fork.levels, fork.open, fork.unknown, fork.slab = nil, nil, nil, nil, nil
	fork.lasts, fork.ahead = make([]*Directive, 1), nil
	fork.noted, fork.mayHoldMore = map[string]bool{}, map[*Directive]bool{}
	fork.admit(place{source: &Source{Name: file.Name, File: file}, numbers: numbers{1, 1}}, file)
	fork.readFile(file, nil)
	fork.check()
	return fork.config
}
