package express

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// helpWidth is the column in which a help text starts, and lineWidth where it
// is broken.
const (
	helpWidth = 36
	lineWidth = 80
)

// PrintHelp writes the usage of a command with all options that are not
// hidden.
func PrintHelp(w io.Writer, program, verb string) error {
	var text strings.Builder
	fmt.Fprintf(&text, "Usage: %s %s [ENTRY-POINT] [OPTION ...]\n\n%s\n", program, verb, intros[verb])
	group := ""
	for _, o := range Table() {
		if o.Hidden {
			continue
		}
		if o.Group != group {
			group = o.Group
			fmt.Fprintf(&text, "\n%s\n", Heading(group))
		}
		writeOption(&text, o)
	}
	_, err := io.WriteString(w, text.String())
	return err
}

var intros = map[string]string{
	"setup-server": `Writes a server root: the configuration, scripts and folders of one Apache that
serves one Python application. Start it with the apachectl in there.

Example:
  wsgictl setup-server wsgi.py --port 80 --user www-data \
    --server-root /etc/wsgi-80`,
	"start-server": `Writes the same server root as setup-server and runs its Apache in the
foreground. Without an entry point it looks for one in the current folder.

Example:
  wsgictl start-server wsgi.py --reload-on-changes --log-to-terminal`,
}

// Heading gives the heading of a group of options.
func Heading(group string) string {
	if strings.ToUpper(group) == group {
		return group
	}
	var text strings.Builder
	for i, r := range group {
		if i > 0 && unicode.IsUpper(r) {
			text.WriteByte(' ')
		}
		text.WriteRune(r)
	}
	return text.String()
}

func writeOption(text *strings.Builder, o Option) {
	head := "  --" + strings.Join(append([]string{o.Name}, o.Values...), " ")
	help := o.Help
	if o.Default != "" && o.Default != "0" {
		help += " Default: " + o.Default + "."
	}
	if o.Repeatable {
		help += " May be repeated."
	}
	lines := wrap(help, lineWidth-helpWidth)
	if len(head) >= helpWidth {
		fmt.Fprintln(text, head)
		head = ""
	}
	for _, line := range lines {
		fmt.Fprintf(text, "%-*s%s\n", helpWidth, head, line)
		head = ""
	}
}

func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
