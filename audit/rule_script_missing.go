package audit

import (
	"fmt"
	"path"

	"github.com/wsgictl/wsgictl/wsgi"
)

var scriptMissing = &Rule{
	ID: "WC228", Name: "script-missing", Severity: Error, Category: CategoryAccess, Since: unreleased, LooksAtHost: true,
	Summary: "the script of an application is not there",
	Why: "Each request for it is answered with 404 (WSGI0135), and by the handler of WSGIHandlerScript with 500; where a link is " +
		"there that leads nowhere, with 403 (AH00037). It is told of a whole server whose files are at hand.",
	Remedy: "Put the script there, or correct its name.",
	Link:   configGuide,
	Check:  checkScriptMissing,
}

func checkScriptMissing(p *Pass) {
	faults, folders := p.ScriptFaults(), map[string]*nameIndex{}
	for _, a := range p.Applications {
		fault := faults[a]
		if fault == nil || fault.Lacks == "" {
			continue
		}
		f := Finding{Message: fault.LackText()}
		if len(fault.Barred) == 0 && fault.Status != 0 {
			f.Message += ": " + fault.Answer(a)
		}
		if near := p.nearScript(fault, folders); near != "" {
			f.Help = fmt.Sprintf("Write %s, which is there.", near)
		}
		p.Report(a.Via, f)
	}
}

// nearScript is the file in the folder of a script that was probably meant, or "".
func (p *Pass) nearScript(fault *wsgi.ScriptFault, folders map[string]*nameIndex) string {
	folder, name := path.Split(fault.Script)
	index := folders[folder]
	if index == nil {
		var names []string
		for _, entry := range p.Config.List(folder) {
			if p.Config.IsFile(folder + entry.Name()) {
				names = append(names, entry.Name())
			}
		}
		index = newNameIndex(names)
		folders[folder] = index
	}
	if near := nearest(name, index); near != "" {
		return folder + near
	}
	return ""
}
