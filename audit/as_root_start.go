package audit

import (
	"path"
	"strings"

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
