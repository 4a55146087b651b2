package audit

import (
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

var pythonPathMissing = &Rule{
	ID: "WC222", Name: "python-path-missing", Severity: Error, Category: CategoryLocale, Since: unreleased,
	Summary: "a folder on the python-path is not there, or is a file",
	Why: "Python passes over what it cannot look into, without a word. The application then ends in ModuleNotFoundError, or " +
		"takes a module of the same name from elsewhere.",
	Remedy: "Name the folder that holds the package, not the package itself and not a script.",
	Link:   daemonPage,
	Check:  checkPythonPathMissing,
}

func checkPythonPathMissing(p *Pass) {
	isHere := sync.OnceValue(func() bool { return p.areHere(p.Applications) })
	for _, group := range p.Daemons {
		list, _ := group.Options.Get("python-path")
		if list != "" && p.areHere(p.RunningIn(group)) {
			p.checkPythonPath(group.Directive, "python-path", list)
		}
	}
	for d := range p.All("WSGIPythonPath") {
		if d.Word(0) != "" && isHere() {
			p.checkPythonPath(d, "", d.Word(0))
		}
	}
}

// checkPythonPath reports the folders of a list that are not there.
func (p *Pass) checkPythonPath(d *conf.Directive, option, list string) {
	var wrong []string
	help := ""
	for folder := range strings.SplitSeq(list, ":") {
		switch {
		case !path.IsAbs(folder) || conf.HasMark(folder) || p.Config.IsFolder(folder):
		case !p.Config.IsFolder(path.Dir(folder)): // perhaps only a part of the host is here, as in a staged copy
		case p.Config.Lacks(folder):
			wrong = append(wrong, fmt.Sprintf("there is no folder %s", folder))
		case p.Config.Exists(folder) && !isArchive(folder):
			wrong = append(wrong, folder+" is a file")
			help = fmt.Sprintf("Write the folder that it lies in, %s.", path.Dir(folder))
		}
	}
	if len(wrong) > 0 {
		p.Report(d, Finding{Message: "the python-path leads nowhere: " + strings.Join(wrong, ", "), Option: option, Help: help})
	}
}

// isArchive tells a file that Python imports from as from a folder (zipimport).
func isArchive(name string) bool {
	switch path.Ext(name) {
	case ".zip", ".egg", ".whl", ".pyz":
		return true
	}
	return false
}
