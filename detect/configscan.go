package detect

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A configScan is a simple reading of Apache's configuration for the few
// directives that tell about the host. It asks no httpd, so that a broken
// configuration, or one that needs the variables of envvars, is no obstacle.
//
// Its limits: it follows Include and IncludeOptional, Define and ${NAME},
// <IfModule>, <IfDefine> and <IfFile>; it takes <IfVersion> and <If> as true,
// does not expand macros of mod_macro, and does not know -D words of the
// command line. Package conf computes what a server would really use.
type configScan struct {
	tree
	serverRoot string
	variables  map[string]string // of envvars and Define
	defined    map[string]bool
	files      int      // read so far
	modules    []string // names loaded or built in: "wsgi_module", "mod_so.c"

	user, group, pidFile string
	mpm                  string
	wsgi                 []Loaded
	modulesDir           string   // folder of the first module loaded by a path
	loadedFiles          []string // LoadFile
	scripts              []string // files that WSGIScriptAlias names
	socketPrefix         string   // absolute, of WSGISocketPrefix; empty without one
	daemonUsers          []string // user= of WSGIDaemonProcess, "" without one
	daemons              []scannedDaemon
	locales              []string // locale= and lang= of WSGIDaemonProcess
	unreadable           []string // files that could not be read
}

// Limits of a configuration that somebody made to have no end.
const (
	maxIncludeDepth = 20      // httpd's own AP_MAX_INCLUDE_DEPTH
	maxConfigFiles  = 100_000 // read one after another, those read again included
	maxConfigLine   = 1 << 20 // bytes of a line with its variables expanded
)

// scanConfig reads the main configuration file and all that it includes.
func (t tree) scanConfig(a *Apache, variables map[string]string) *configScan {
	s := &configScan{tree: t, serverRoot: a.ServerRoot, variables: variables, defined: map[string]bool{}}
	for _, name := range a.BuiltIn {
		s.modules = append(s.modules, "mod_"+name+".c", name+".c", name+"_module")
	}
	s.file(a.ConfigFile, 0)
	return s
}

func (s *configScan) file(path string, depth int) {
	if s.files++; s.files > maxConfigFiles || depth > maxIncludeDepth {
		s.unreadable = appendNew(s.unreadable, path)
		return
	}
	text, err := s.ReadLarge(path)
	if err != nil {
		s.unreadable = append(s.unreadable, path)
		return
	}
	skipped := 0 // open sections below a condition that does not hold
	number := 0
	var start int
	var pending string
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if pending == "" {
			start = number
		}
		if joined, continues := strings.CutSuffix(line, `\`); continues {
			pending += joined
			continue
		}
		line, pending = pending+line, ""
		if line == "" || line[0] == '#' {
			continue
		}
		switch {
		case strings.HasPrefix(line, "</"):
			if skipped > 0 {
				skipped--
			}
		case line[0] == '<':
			if skipped > 0 || !s.holds(configWords(strings.Trim(line, "<>"))) {
				skipped++
			}
		case skipped == 0:
			s.directive(line, path, start, depth)
		}
	}
}

// holds evaluates the condition of a section; other sections hold.
func (s *configScan) holds(words []string) bool {
	if len(words) < 2 {
		return true
	}
	name, negated := strings.CutPrefix(s.expand(words[1]), "!")
	switch strings.ToLower(words[0]) {
	case "ifmodule":
		return slices.Contains(s.modules, name) != negated
	case "ifdefine":
		return s.defined[name] != negated
	case "iffile":
		return s.Exists(below(s.serverRoot, name)) != negated
	default:
		return true
	}
}

func (s *configScan) directive(text, file string, line, depth int) {
	text = s.expand(text)
	words := configWords(text)
	argument := ""
	if len(words) > 1 {
		argument = words[1]
	}
	switch strings.ToLower(words[0]) {
	case "include", "includeoptional":
		s.include(argument, depth)
	case "define":
		s.defined[argument] = true
		if len(words) > 2 {
			s.variables[argument] = words[2]
		}
	case "undefine":
		delete(s.defined, argument)
	case "serverroot":
		s.serverRoot = argument
	case "user":
		s.user = argument
	case "group":
		s.group = argument
	case "pidfile":
		s.pidFile = below(s.serverRoot, argument)
	case "loadfile":
		for _, word := range words[1:] {
			s.loadedFiles = append(s.loadedFiles, below(s.serverRoot, word))
		}
	case "loadmodule":
		if len(words) > 2 {
			s.loadModule(argument, below(s.serverRoot, words[2]), file, line)
		}
	case "wsgiscriptalias", "wsgiscriptaliasmatch":
		if len(words) > 2 && !strings.Contains(words[2], "$") {
			s.scripts = append(s.scripts, words[2])
		}
	case "wsgisocketprefix":
		s.socketPrefix = below(s.serverRoot, argument)
	case "wsgidaemonprocess":
		s.daemon(argument, text)
	}
}

func (s *configScan) loadModule(name, path, file string, line int) {
	stem := strings.TrimSuffix(name, "_module")
	s.modules = append(s.modules, name, "mod_"+stem+".c")
	if s.modulesDir == "" {
		s.modulesDir = filepath.Dir(path)
	}
	if mpm, found := strings.CutPrefix(stem, "mpm_"); found {
		s.modules = append(s.modules, mpm+".c") // event.c, worker.c, prefork.c
		s.mpm = cmp.Or(s.mpm, mpm)
	}
	if name == "wsgi_module" {
		s.wsgi = append(s.wsgi, Loaded{Path: path, File: file, Line: line})
	}
}

// A scannedDaemon is a WSGIDaemonProcess, by what decides its working folder.
type scannedDaemon struct {
	name, user, home string // the latter two empty where they are not given
	chroot           bool
}

// Options of WSGIDaemonProcess that depend on the host. mod_wsgi splits them
// itself: a value may be quoted behind the equals sign.
var daemonOption = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\s(user|home|chroot|locale|lang)=(?:"([^"]*)"|'([^']*)'|(\S+))`)
})

// daemon takes the options of the daemon process group of that name. Without user= its
// processes run as Apache's own user, which is "" here.
func (s *configScan) daemon(name, text string) {
	daemon := scannedDaemon{name: name}
	for _, m := range daemonOption().FindAllStringSubmatch(text, -1) {
		value := m[2] + m[3] + m[4]
		switch m[1] {
		case "user":
			daemon.user = value
		case "home":
			daemon.home = value
		case "chroot":
			daemon.chroot = true
		default:
			s.locales = appendNew(s.locales, value)
		}
	}
	s.daemonUsers = appendNew(s.daemonUsers, daemon.user)
	s.daemons = append(s.daemons, daemon)
}

// include reads the files of a pattern in order; of a folder, all files in
// and below it, as Apache does.
func (s *configScan) include(pattern string, depth int) {
	for _, path := range s.Glob("/", below(s.serverRoot, pattern)) {
		if !s.IsDir(path) {
			s.file(path, depth+1)
			continue
		}
		s.folder(path, depth)
	}
}

func (s *configScan) folder(path string, depth int) {
	entries, err := os.ReadDir(s.At(path))
	if err != nil {
		s.unreadable = append(s.unreadable, path)
		return
	}
	for _, entry := range entries {
		inside := filepath.Join(path, entry.Name())
		if s.IsDir(inside) {
			s.folder(inside, depth)
		} else {
			s.file(inside, depth+1)
		}
	}
}

var configReference = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$\{([^}:]+)\}`) })

// expand replaces ${NAME}; like Apache it leaves alone what is not defined, and,
// unlike Apache, a line that would grow too long.
func (s *configScan) expand(word string) string {
	if !strings.Contains(word, "${") {
		return word
	}
	length := len(word)
	expanded := configReference().ReplaceAllStringFunc(word, func(reference string) string {
		value, ok := s.variables[reference[2:len(reference)-1]]
		if length += len(value); !ok || length > maxConfigLine {
			return reference
		}
		return value
	})
	if length > maxConfigLine {
		return word
	}
	return expanded
}

// configWords splits a line into words; a quoted word may hold spaces, and a
// backslash keeps a quote in it.
func configWords(line string) []string {
	var words []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		quote := line[0]
		if quote != '"' && quote != '\'' {
			end := strings.IndexAny(line, " \t")
			if end < 0 {
				end = len(line)
			}
			words, line = append(words, line[:end]), line[end:]
			continue
		}
		var word strings.Builder
		i := 1
		for ; i < len(line) && line[i] != quote; i++ {
			if line[i] == '\\' && i+1 < len(line) && (line[i+1] == quote || line[i+1] == '\\') {
				i++
			}
			word.WriteByte(line[i])
		}
		words, line = append(words, word.String()), line[min(i+1, len(line)):]
	}
	return words
}

func appendNew(words []string, word string) []string {
	if slices.Contains(words, word) {
		return words
	}
	return append(words, word)
}
