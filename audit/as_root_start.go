package audit

import (
	"path"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/wsgi"
)

// startUses are what is used before any configuration is read.
func startUses(v *wsgi.View, tell func(Use)) {
	if v.Start == nil {
		return
	}
	main := v.Config.Files[0]
	if v.Start.Program != "" {
		tell(Use{Path: v.Start.Program, Purpose: runsProgram, file: main})
	}
	if v.Start.Envvars != "" {
		tell(Use{Path: v.Start.Envvars, Purpose: readsVars, file: main})
	}
	for _, name := range []string{"LD_LIBRARY_PATH", "LD_PRELOAD"} {
		for _, place := range strings.FieldsFunc(v.Start.Variables[name], func(r rune) bool { return r == ':' || r == ' ' }) {
			if path.IsAbs(place) {
				tell(Use{Path: path.Clean(place), Purpose: loadsCode, file: main})
			}
		}
	}
}

// firstFreePort is the first that not only root may listen on.
const firstFreePort = 1024

// startsAsRoot tells whether it is root who starts the server: where the
// configuration is root's alone, or of more than one account; and where its one
// owner could not do what it says: be another user, or listen on a port of
// root's.
func startsAsRoot(v *wsgi.View) bool {
	way, err := trust.Look(v.Config.Files[0].Name)
	owner, foreign, several := way.Owner()
	if err != nil || !foreign || several != nil {
		return true
	}
	for d := range v.All("User") {
		if user, known := trust.HostAccounts().Lookup(d.Word(0)); known && user.UID != owner.UID {
			return true
		}
	}
	for d := range v.All("Listen") {
		word := d.Word(0)
		port, err := strconv.Atoi(word[strings.LastIndexByte(word, ':')+1:])
		if err == nil && port < firstFreePort {
			return true
		}
	}
	return false
}
