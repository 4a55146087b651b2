package audit

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

var sitePackagesInPath = &Rule{
	ID: "WC144", Name: "site-packages-in-path", Severity: Warning, Category: CategoryLocale, Since: unreleased,
	Summary: "a virtualenv's site-packages is put on the path in the place of the virtualenv",
	Why: "The processes still run the Python of the system with its packages: sys.prefix is wrong, .pth files are not " +
		"read, and the path breaks at the next version of Python.",
	Remedy: "Name the virtualenv in python-home=, or WSGIPythonHome, and take its site-packages from the path.",
	Link:   venvGuide,
	Bad: `
WSGIDaemonProcess shop python-path=/srv/shop:/srv/shop/venv/lib/python3.11/site-packages
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop python-home=/srv/shop/venv python-path=/srv/shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkSitePackagesInPath,
}

func checkSitePackagesInPath(p *Pass) {
	global := p.Main().Last("WSGIPythonHome")
	if global != nil {
		return // a folder of further packages, beside the Python that is named
	}
	for _, group := range p.Daemons {
		list, _ := group.Options.Get("python-path")
		if folder, prefix := sitePackages(list); prefix != "" && !group.Options.Has("python-home") {
			p.Report(group.Directive, Finding{
				Message: fmt.Sprintf("python-path of the daemon process group %s has %s", group.Name, folder), Option: "python-path",
				Help: fmt.Sprintf("Write python-home=%s, and leave the folder out of python-path.", prefix),
				Fix:  p.moveToHome(group.Directive, list, folder, prefix),
			})
		}
	}
	for d := range p.All("WSGIPythonPath") {
		if folder, prefix := sitePackages(d.Word(0)); prefix != "" {
			p.Report(d, Finding{Message: "WSGIPythonPath has " + folder, Help: fmt.Sprintf("Write WSGIPythonHome %s, or python-home= on the daemon process group.", prefix)})
		}
	}
}

// sitePackages is the first folder of a path that is a virtualenv's
// site-packages, and that virtualenv. The system's own is none.
func sitePackages(list string) (folder, prefix string) {
	for folder := range strings.SplitSeq(list, ":") {
		if path.Base(folder) != "site-packages" {
			continue
		}
		if prefix := prefixOf(folder); prefix != "" && prefix != "/usr" && prefix != "/usr/local" {
			return folder, prefix
		}
	}
	return "", ""
}

// moveToHome is the fix that names a virtualenv in the place of a folder on
// the python-path. Variables stay what they are.
func (p *Pass) moveToHome(d *conf.Directive, list, folder, prefix string) *Fix {
	option, _ := wsgi.OptionsOf(d).Last("python-path")
	span, ok := d.SpanOf(option.From, option.To)
	if !ok {
		return nil
	}
	_, value, _ := strings.Cut(d.Source.File.Source[span.Start:span.End], "=")
	value, _ = conf.Word(value)
	folders, written := strings.Split(list, ":"), strings.Split(value, ":")
	if len(folders) != len(written) {
		return nil // a variable holds several
	}
	at := slices.Index(folders, folder)
	home, ok := strings.CutSuffix(written[at], strings.TrimPrefix(folder, prefix))
	rest := slices.DeleteFunc(slices.Delete(written, at, at+1), func(s string) bool { return s == "" })
	text, okHome := asOption("python-home", home)
	others, okRest := asOption("python-path", strings.Join(rest, ":"))
	if !ok || !okHome || !okRest {
		return nil
	}
	if len(rest) > 0 {
		text += " " + others
	}
	edit, ok := editOption(d, option, text)
	if !ok {
		return nil
	}
	return p.fixOf(false, "write python-home="+prefix, edit)
}

// asOption writes an option whose value may hold variables; false where it has
// to be quoted, and a variable might hold a quotation mark.
func asOption(name, value string) (string, bool) {
	if strings.Contains(value, "${") {
		return name + "=" + value, !strings.ContainsAny(value, " \t\"'\\")
	}
	quoted, err := conf.Argument(value)
	return name + "=" + quoted, err == nil
}
