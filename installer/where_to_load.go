package installer

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
)

// WhereToLoad says where on this layout the module-config lines belong, and
// what must go before: two modules cannot be loaded.
func WhereToLoad(apache *detect.Apache) string {
	var text strings.Builder
	for _, loaded := range apache.Loaded {
		if loaded.IsManaged() {
			return fmt.Sprintf("wsgictl manages this Apache (%s:%d), and \"wsgictl apply\" has it load the module of the virtualenv that a declaration names. Elsewhere these lines load this one:",
				loaded.File, loaded.Line)
		}
		fmt.Fprintf(&text, "Apache loads %s already (%s:%d): take that line away first%s.\n", loaded.Path, loaded.File, loaded.Line, disable(apache, loaded.File))
	}
	fmt.Fprintf(&text, "Put these lines into %s:", loadFile(apache))
	return text.String()
}

// disable is the command that takes a file away, in brackets, where its family has one.
func disable(apache *detect.Apache, file string) string {
	places, _ := apache.Places(nil) // of a layout without them nothing is disabled by a command
	if words := places.Load.DisableWords(file); words != nil {
		return " (" + shellLine(words) + ")"
	}
	return ""
}

func loadFile(apache *detect.Apache) string {
	file := apache.FileForModule()
	places, _ := apache.Places(nil)
	words := places.Load.EnableWords(file)
	switch {
	case file == apache.ConfigFile:
		return file + ", after its other LoadModule lines"
	case words != nil:
		return file + ", then run: " + shellLine(words) + " && " + shellLine([]string{cmp.Or(apache.Control, "apache2ctl"), "restart"})
	}
	return file
}

// shellLine is a command as people give it to a shell.
func shellLine(words []string) string {
	var quoted []string
	for _, word := range words {
		quoted = append(quoted, detect.ShellArgument(word))
	}
	return strings.Join(quoted, " ")
}
