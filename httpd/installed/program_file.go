package installed

import (
	"bytes"
	"debug/elf"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/hostfiles"
)

// readProgram reads from the program's file what "httpd -V" and "httpd -l"
// print: to start httpd takes ten times as long, most of it the sleep with
// which it ends (TASK_SWITCH_SLEEP in its main.c). Nil where the file does not
// tell: a script, another format than ELF, one that the loader would not start.
func readProgram(root hostfiles.Root, path string) *Apache {
	file, err := root.Open(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	f, err := hostfiles.NewELF(file)
	if err != nil {
		return nil
	}
	section := f.Section(".rodata")
	if section == nil || !root.Loads(f, path) {
		return nil
	}
	constants, err := section.Data()
	if err != nil {
		return nil
	}
	a := &Apache{Path: path, Version: httpdVersion(constants)}
	for _, name := range []string{"HTTPD_ROOT", "SERVER_CONFIG_FILE", "DEFAULT_PIDLOG"} {
		a.readDefine(compiledIn(constants, name))
	}
	a.readModuleSymbols(f)
	if a.Version == "" || a.ServerRoot == "" || a.ConfigFile == "" || a.MagicNumber == "" {
		return nil
	}
	return a
}

// httpdVersion finds "2.4.71" in the constant "Apache/2.4.71", or
// "Apache/2.4.71 (Debian)"; ServerTokens brings the shorter "Apache/2.4" too.
func httpdVersion(constants []byte) string {
	for {
		_, after, found := bytes.Cut(constants, []byte("\x00Apache/"))
		if !found {
			return ""
		}
		text := hostfiles.CString(after, 0)
		version, _, _ := strings.Cut(text, " ")
		if strings.Count(version, ".") == 2 && strings.Trim(version, ".0123456789-dev") == "" {
			return version
		}
		constants = after
	}
}

// compiledIn gives NAME="value" of the line that "httpd -V" prints for it,
// which the compiler keeps as one constant.
func compiledIn(constants []byte, name string) string {
	_, after, found := bytes.Cut(constants, []byte(" -D "+name+`="`))
	if !found {
		return ""
	}
	value, _, _ := strings.Cut(hostfiles.CString(after, 0), `"`)
	return name + "=" + value
}

// readModuleSymbols takes the compiled-in modules, in the order of their
// names, and the magic number of the core: httpd exports each struct module
// for the modules that it loads.
func (a *Apache) readModuleSymbols(f *elf.File) {
	symbols, err := f.DynamicSymbols()
	if err != nil {
		return
	}
	a.BuiltIn = []string{}
	for _, symbol := range symbols {
		identifier, found := strings.CutSuffix(symbol.Name, "_module")
		if !found || !isModuleStruct(f, symbol) {
			continue
		}
		if identifier == "core" {
			a.MagicNumber = SymbolMagic(f, symbol)
		}
		source := moduleSource(identifier)
		if source != identifier && strings.HasPrefix(identifier, "mpm_") {
			a.MPM, a.MPMBuiltIn = source, true
		}
		a.BuiltIn = append(a.BuiltIn, source)
	}
	slices.Sort(a.BuiltIn)
}

// isModuleStruct reports whether a symbol is an Apache module's: the member
// magic of struct module says so (MODULE_MAGIC_COOKIE of http_config.h). It
// stands behind three ints and three pointers.
func isModuleStruct(f *elf.File, symbol elf.Symbol) bool {
	const cookie = 0x41503234 // "AP24"
	section := hostfiles.SectionOf(f, symbol)
	if section == nil {
		return false
	}
	at := symbol.Value - section.Addr
	if f.Class == elf.ELFCLASS64 {
		member := hostfiles.BytesAt(section, at+40, 8)
		return member != nil && f.ByteOrder.Uint64(member) == cookie
	}
	member := hostfiles.BytesAt(section, at+24, 4)
	return member != nil && f.ByteOrder.Uint32(member) == cookie
}

// moduleSource names the source file, without "mod_" and ".c", of a module:
// most are called after it.
func moduleSource(identifier string) string {
	switch identifier {
	case "http":
		return "http_core"
	case "ldap":
		return "util_ldap"
	default:
		return strings.TrimPrefix(identifier, "mpm_")
	}
}
