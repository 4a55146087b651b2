package conf

import (
	"bufio"
	"io"
	"strconv"
	"strings"
)

// WriteDump writes the configuration as "httpd -t -D DUMP_CONFIG" prints it
// (modules/generators/mod_info.c): each directive below a comment with its
// line, and a comment with the name where the text it comes from changes. As
// there, a section without content has no closing line.
func (c *Config) WriteDump(out io.Writer) error {
	d := dumper{out: bufio.NewWriterSize(out, 1<<16)}
	d.list(c.first(), 0)
	return d.out.Flush()
}

type dumper struct {
	out  *bufio.Writer
	name string // of the source last named

	unnamed string // the name of servers without one
}

func (d *dumper) list(first *Directive, nest int) {
	for at := first; at != nil; at = at.next {
		d.nameSource(at.Source.Name)
		d.number(int(at.last), nest)
		d.indent(nest)
		d.words(at.Name, " ", Written(at.Args), "\n")
		if at.child == nil {
			continue
		}
		d.list(at.child, nest+1)
		d.nameSource(at.Source.Name)
		d.indent(nest)
		d.words("</", strings.TrimPrefix(at.Name, "<"), ">\n")
	}
}

func (d *dumper) nameSource(name string) {
	if d.name != name {
		d.words("# In file: ", name, "\n")
		d.name = name
	}
}

func (d *dumper) number(line, nest int) {
	digits := strconv.Itoa(line)
	d.indent(nest)
	d.words("#", strings.Repeat(" ", max(0, 4-len(digits))), digits, ":\n")
}

func (d *dumper) indent(nest int) {
	for range nest {
		d.words("  ")
	}
}

func (d *dumper) words(words ...string) {
	for _, word := range words {
		_, _ = d.out.WriteString(word) // Flush gives the first error
	}
}

// WriteIncludes writes the files as "httpd -t -D DUMP_INCLUDES" does: each with
// the line of the Include that brought it, indented by depth.
func (c *Config) WriteIncludes(out io.Writer) error {
	d := dumper{out: bufio.NewWriter(out)}
	d.words("Included configuration files:\n")
	for _, source := range c.Includes {
		d.indent(source.includeDepth() + 1)
		if source.From == nil {
			d.words("(*) ", source.Name, "\n")
			continue
		}
		d.words("(", strconv.Itoa(source.dumpLine), ") ", source.Name, "\n")
	}
	return d.out.Flush()
}
