package cli

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

// writeApplications prints the inventory for a person: a block for each
// application, with the mode first; the count last.
func writeApplications(out io.Writer, applications []*wsgi.Application, colours palette) error {
	var b strings.Builder
	counts := map[wsgi.Mode]int{}
	relative := seenFromHere()
	for _, a := range applications {
		counts[a.Mode]++
		writeApplication(&b, a, colours, relative)
		b.WriteString("\n")
	}
	if len(applications) == 0 {
		b.WriteString("No WSGI applications.\n")
	} else {
		b.WriteString(modeCounts(counts) + ".\n")
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func modeCounts(counts map[wsgi.Mode]int) string {
	var parts []string
	for _, mode := range []wsgi.Mode{wsgi.Embedded, wsgi.Refused, wsgi.Dynamic, wsgi.DaemonMode, wsgi.None} {
		if counts[mode] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[mode], mode))
		}
	}
	return strings.Join(parts, ", ")
}

func writeApplication(b *strings.Builder, a *wsgi.Application, colours palette, relative func(string) string) {
	fmt.Fprintf(b, "%s  %s\n", paintMode(a, colours), colours.bold(conf.Written(a.Name())))
	pos := a.Via.Pos()
	row := func(label, format string, args ...any) {
		fmt.Fprintf(b, "  %-12s %s\n", label, conf.Written(fmt.Sprintf(format, args...)))
	}
	row("script", "%s (%s)", a.Script, a.Callable)
	row("mounted by", "%s at %s:%d", a.Via.Name, relative(pos.File), pos.Line)
	if d := a.DecidedBy; d != nil && d != a.Via {
		row("decided by", "%s at %s:%d", d.Name, relative(d.Pos().File), d.Pos().Line)
	}
	if s := a.ChosenBy; s != nil {
		row("chosen by", "%s at %s:%d", s.Opening(), relative(s.Pos().File), s.Pos().Line)
	}
	if a.Reason != nil {
		row("because", "%s", a.Reason)
	}
	row("interpreter", "%s", cmp.Or(a.ApplicationGroup, "main"))
	row("python home", "%s", cmp.Or(a.PythonHome, "of the module"))
	row("user", "%s", cmp.Or(a.User, "not known"))
}

// paintMode is the mode with what belongs to it.
func paintMode(a *wsgi.Application, colours palette) string {
	switch a.Mode {
	case wsgi.DaemonMode:
		return colours.green(modeOf(a))
	case wsgi.Refused, wsgi.Embedded:
		return colours.red(modeOf(a))
	}
	return colours.yellow(modeOf(a))
}

// writeAnswers prints what serves each URL.
func writeAnswers(out io.Writer, answers []wsgi.Answer, colours palette) error {
	var b strings.Builder
	relative := seenFromHere()
	for _, answer := range answers {
		b.WriteString(answer.URL + "\n")
		if answer.Application == nil {
			fmt.Fprintf(&b, "%s  no WSGI application: %s\n", colours.yellow("none"), answer.Reason)
			writeNone(&b, answer, relative)
		} else {
			writeApplication(&b, answer.Application, colours, relative)
		}
		if answer.Anonymous != nil {
			fmt.Fprintf(&b, "  %-12s %s\n", "without user", anonymously(answer.Anonymous))
		}
		b.WriteString("\n")
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// writeNone prints which directive and which virtual host answer in the place of an
// application.
func writeNone(b *strings.Builder, answer wsgi.Answer, relative func(string) string) {
	if taken, ok := answer.Reason.(wsgi.TakenBefore); ok {
		pos := taken.By.Pos()
		fmt.Fprintf(b, "  %-12s %s at %s:%d\n", "by", cutEnd(conf.Written(taken.By.Name+" "+taken.By.Args), reportWidth), relative(pos.File), pos.Line)
	}
	if !answer.Server.IsVirtual() {
		fmt.Fprintf(b, "  %-12s %s\n", "answered by", mainServer)
		return
	}
	pos, why := answer.Server.Section.Pos(), ""
	if u, err := url.Parse(answer.URL); err == nil && !answer.Server.HasName(u.Hostname()) {
		why = ", which has no such name: it is the first of its address"
	}
	fmt.Fprintf(b, "  %-12s virtual host %s at %s:%d%s\n", "answered by", siteName(answer.Server), relative(pos.File), pos.Line, why)
}

// anonymously tells what a client gets that does not tell its user.
func anonymously(answer *wsgi.Answer) string {
	if answer.Application != nil {
		return modeOf(answer.Application) + " " + answer.Application.Script
	}
	return answer.Reason.String()
}
