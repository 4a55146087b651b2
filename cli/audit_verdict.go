package cli

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/plural"
	"github.com/wsgictl/wsgictl/wsgi"
)

// verdictLine is what an audit is asked for first: whether Apache starts at all, how
// many applications run in which mode, and which of them are not daemons. It is empty
// where no applications are asked for.
func verdictLine(t findingsText, relative func(string) string) string {
	if t.applications == nil {
		return ""
	}
	return verdictOf(t, modesLine(t.applications, relative), relative)
}

// verdictInShort is the verdict without the applications' names.
func verdictInShort(t findingsText, relative func(string) string) string {
	return verdictOf(t, modesLine(t.applications, nil), relative)
}

func verdictOf(t findingsText, modes string, relative func(string) string) string {
	if len(t.result.Refused) > 0 {
		return refusalLine(t.result.Refused, relative) + ". As written: " + modes
	}
	return strings.ToUpper(modes[:1]) + modes[1:]
}

// refusalLine says that Apache does not start, and by which lines.
func refusalLine(refused []*audit.Finding, relative func(string) string) string {
	var places []string
	for _, f := range refused[:min(shownOfKind, len(refused))] {
		places = append(places, fmt.Sprintf("%s:%d", relative(f.Pos.File), f.Pos.Line))
	}
	if rest := len(refused) - len(places); rest > 0 {
		places = append(places, fmt.Sprintf("and %d more", rest))
	}
	return fmt.Sprintf("Apache does not start with this: %s (%s)", plural.Count(len(refused), "error"), strings.Join(places, "; "))
}

// modesLine says how many applications run in which mode; relative is nil where it is
// not asked which they are.
func modesLine(applications []*wsgi.Application, relative func(string) string) string {
	if len(applications) == 0 {
		return "no WSGI applications."
	}
	byMode := map[wsgi.Mode][]*wsgi.Application{}
	for _, a := range applications {
		byMode[a.Mode] = append(byMode[a.Mode], a)
	}
	if len(byMode) == 1 && byMode[wsgi.DaemonMode] != nil {
		return plural.Count(len(applications), "application") + ", " + allOf(len(applications)) + "in daemon mode."
	}
	var parts []string
	for _, m := range verdictModes {
		of := byMode[m.mode]
		if len(of) == 0 {
			continue
		}
		part := fmt.Sprintf("%d %s", len(of), m.says)
		if m.mode != wsgi.DaemonMode && relative != nil {
			part += " (" + firstPlaces(of, relative) + ")"
		}
		parts = append(parts, part)
	}
	return plural.Count(len(applications), "application") + ": " + strings.Join(parts, ", ") + "."
}

func allOf(n int) string {
	if n == 1 {
		return ""
	}
	return "all "
}

var verdictModes = []struct {
	mode wsgi.Mode
	says string
}{
	{wsgi.DaemonMode, "in daemon mode"}, {wsgi.Embedded, "embedded"}, {wsgi.Refused, "refused"}, {wsgi.Dynamic, "not decided by the text"},
}

// firstPlaces are the names of the first few applications, with the lines that
// mount them.
func firstPlaces(applications []*wsgi.Application, relative func(string) string) string {
	var places []string
	for _, a := range applications[:min(shownOfKind, len(applications))] {
		pos := a.Place().Pos()
		place := fmt.Sprintf("%s, %s:%d", conf.Written(a.Name()), relative(pos.File), pos.Line)
		if a.Mode == wsgi.Dynamic && a.Reason != nil {
			place += ": " + conf.Written(a.Reason.String())
		}
		places = append(places, place)
	}
	if rest := len(applications) - len(places); rest > 0 {
		places = append(places, fmt.Sprintf("and %d more", rest))
	}
	return strings.Join(places, "; ")
}
