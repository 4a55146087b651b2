package conf

import (
	"fmt"
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// execute carries out a directive that takes effect while the text is read.
func (r *reader) execute(known *knownDirective, name, args string, l line) {
	if message := checkArgs(&known.DirectiveForm, args); message != "" {
		found := fault{message: message}
		if before, comment := cutComment(args); comment != "" && checkArgs(&known.DirectiveForm, before) == "" {
			found = commentFault(known.Name, comment)
		}
		r.reportFault(r.place(l), found)
		if name[0] == '<' {
			r.soak(known.Name, l)
		}
		return
	}
	switch strings.ToLower(known.Name) {
	case "include":
		r.include(args, l, false)
	case "includeoptional":
		r.include(args, l, true)
	case "define":
		r.defineVariable(args, l)
	case "undefine":
		r.undefineVariable(args, l)
	case "loadmodule":
		r.loadModule(args, l)
	case "loadfile":
		r.config.LoadFiles = append(r.config.LoadFiles, r.apart("LoadFile", args, l))
	case "serverroot":
		r.setServerRoot(args, l)
	case "<macro":
		r.defineMacro(args, l)
	case "use":
		r.useMacro(args, l)
	case "undefmacro":
		r.undefineMacro(args, l)
	case "<ifmodule", "<ifdefine", "<iffile", "<ifdirective", "<ifsection", "<ifversion":
		r.condition(known.Name, args, l)
	default:
		if name[0] == '<' {
			r.soak(known.Name, l) // a block of Lua
		}
	}
}

// certain is True where the line is in effect for certain.
func (r *reader) certain() expr.Truth {
	if r.unknown != nil {
		return expr.Unknown
	}
	return expr.True
}

func (r *reader) defineVariable(args string, l line) {
	name, rest := Word(args)
	if strings.Contains(name, ":") {
		r.report(Error, r.place(l), "Variable name must not contain ':'")
		return
	}
	if value, _ := Word(rest); value != "" {
		r.variables.define(name, &value, r.certain())
		return
	}
	r.variables.define(name, nil, r.certain())
}

func (r *reader) undefineVariable(args string, l line) {
	name, _ := Word(args)
	if strings.Contains(name, ":") {
		r.report(Error, r.place(l), "Variable name must not contain ':'")
		return
	}
	r.variables.undefine(name, r.certain())
}

func (r *reader) loadModule(args string, l line) {
	identifier, rest := Word(args)
	name, _ := Word(rest)
	r.config.Loads = append(r.config.Loads, r.apart("LoadModule", args, l))
	if r.modules.byIdentifier[identifier] == expr.True {
		if r.isStatic(identifier) {
			r.report(Error, r.place(l), "module "+identifier+" is built-in and can't be loaded")
		}
		return
	}
	r.modules.load(identifier, r.certain())
	r.noteModule(identifier)
	r.checkModule(name, l)
}

// apart is a directive that is kept outside the tree.
func (r *reader) apart(name, args string, l line) *Directive {
	d := r.place(l).asDirective()
	d.Name, d.Args, d.Unknown = name, args, r.unknown
	return d
}

// checkModule reports a module whose file is missing, where the text is for
// certain that of the server of this host.
func (r *reader) checkModule(name string, l line) {
	if r.options.Scope != Whole || r.files.root != "" || !strings.Contains(name, "/") || HasMark(name) {
		return
	}
	if file := r.relative(name); !r.files.exists(file) {
		r.report(Error, r.place(l), cannotLoad(name, file))
	}
}

func cannotLoad(name, file string) string {
	return fmt.Sprintf("Cannot load %s into server: %s: cannot open shared object file: No such file or directory", name, file)
}

// isStatic tells whether a module is compiled in under the usual names.
func (r *reader) isStatic(identifier string) bool {
	for _, file := range r.options.Static {
		if name, ok := strings.CutPrefix(file, "mod_"); ok && strings.TrimSuffix(name, ".c")+"_module" == identifier {
			return true
		}
	}
	return false
}

func (r *reader) setServerRoot(args string, l line) {
	name, _ := Word(args)
	root := r.relative(name)
	r.config.ServerRoot = root
	switch {
	case !HasMark(name) && r.files.isFolder(root) || r.config.IsOfAnotherHost():
	case r.options.Scope == Whole && !HasMark(name):
		r.report(Error, r.place(l), "ServerRoot must be a valid directory")
	default:
		r.config.another = &anotherHost{root: Written(name), at: r.place(l)}
	}
}

// relative is the path name as seen from the ServerRoot at this line
// (ap_server_root_relative): absolute, without "." and "..", and with the
// slash that it may end with.
func (r *reader) relative(name string) string { return r.config.relative(name) }

func (c *Config) relative(name string) string {
	clean := name
	if !IsAbs(name) {
		clean = c.ServerRoot + "/" + name
	}
	folder := strings.HasSuffix(clean, "/")
	if clean = path.Clean(clean); folder && clean != "/" {
		clean += "/"
	}
	return clean
}

// soak passes over the lines of a section up to its end, as
// ap_soak_end_container does: it looks at the first word of each line only,
// and comments count for it as well.
func (r *reader) soak(section string, opened line) {
	start := r.place(opened)
	names := []string{section}
	unmatched := func(inner, found string) {
		r.config.unbalanced = true
		r.report(Error, start, "Expected </"+inner[len("<"):]+"> "+found)
	}
	for {
		l, ok := r.nextLine()
		if !ok {
			unmatched(names[len(names)-1], "before end of configuration")
			return
		}
		name, args := firstWord(l.text)
		inner := names[len(names)-1]
		switch {
		case strings.HasPrefix(name, "</"):
			name = name[:len(name)-1]
			if len(name) < 2 || !strings.EqualFold(name[len("</"):], inner[len("<"):]) {
				unmatched(inner, "but saw "+name+">")
				return
			}
			names = names[:len(names)-1]
		case strings.HasPrefix(name, "<"):
			if args == "" {
				name = strings.TrimSuffix(name, ">")
			}
			names = append(names, name)
		}
		if len(names) == 0 {
			return
		}
	}
}
