package wsgi

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// Undecided is why mod_wsgi's own settings leave open where a request runs.
type Undecided struct {
	Kind    UndecidedKind
	Subject string // the script or group
}

// UndecidedKind is what decides.
type UndecidedKind uint8

// What decides where a request runs.
const (
	ByDispatchScript UndecidedKind = iota
	ByHost
	ByServerName
	ByScript
	ManyExtensions
	ManyEntries
	ByHandler
	ByOtherFile
	ByTemplate // a condition of it, or a mark, as those that follow
	GroupIsListed
	GroupIsDeclared
	GroupIsOfServer
	LineHasGroup
	EmbeddedIsForbidden
	undecidedKinds
)

const unrendered = " is not known before the template is rendered"

var undecidedSentences = [undecidedKinds]string{
	ByDispatchScript:    "the dispatch script %s chooses for each request",
	ByHost:              "%{HOST} is the name that the client asks for",
	ByServerName:        "the name of the server is not known: it has no ServerName",
	ByScript:            "each script has a group of its own",
	ManyExtensions:      fmt.Sprintf("of the extensions for WSGI of one section, %d are told apart", mostExtensions),
	ManyEntries:         "more aliases, handlers and sections lead to applications of this server than are told apart",
	ByHandler:           "the request decides whether %s is a handler of mod_wsgi",
	ByOtherFile:         "another of these files declares the group %s, if it is for the same server",
	ByTemplate:          "it depends on a condition of the template",
	GroupIsListed:       "whether the group %s is among those listed" + unrendered,
	GroupIsDeclared:     "whether a daemon process group is called %s" + unrendered,
	GroupIsOfServer:     "whether the group %s is one of the same server" + unrendered,
	LineHasGroup:        "whether the line has a process-group" + unrendered,
	EmbeddedIsForbidden: "whether embedded mode is forbidden" + unrendered,
}

// String is the sentence for people.
func (u Undecided) String() string {
	return strings.Replace(undecidedSentences[u.Kind], "%s", conf.Written(u.Subject), 1)
}
