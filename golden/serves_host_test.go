package golden

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// serverFile is the configuration that wsgictl and httpd read: the case's own
// after what every server needs.
const serverFile = "/etc/httpd.conf"

// loaded are the modules of the server besides mod_wsgi: those that Debian
// enables, and those that lead requests elsewhere. A case can load others.
var loaded = []string{
	"mpm_event", "unixd", "authn_core", "authn_file", "auth_basic", "authz_core", "authz_host", "authz_user", "access_compat",
	"alias", "autoindex", "dir", "env", "filter", "mime", "negotiation", "setenvif",
	"actions", "headers", "macro", "rewrite", "userdir", "version", "vhost_alias",
}

// minimal is what stands before the configuration of a case, with what differs
// from one Apache to the next left open: ServerRoot, and the modules.
const minimal = `ServerRoot %q
%sPidFile ` + httpdtest.InsidePID + `
DefaultRuntimeDir /run
Define APACHE_LOG_DIR ` + httpdtest.InsideLogs + `
ErrorLog ` + httpdtest.InsideLogs + `/error.log
LogLevel info
User www-data
Group www-data
ServerName localhost
TypesConfig /etc/mime.types
WSGISocketPrefix /run/wsgi
`

// probe is an application that answers with where it runs.
const probe = `def application(environ, start_response):
    body = (environ['mod_wsgi.process_group'] + '\n' + __file__).encode()
    start_response('200 OK', [('Content-Type', 'text/x-seen'), ('Content-Length', str(len(body)))])
    return [body]
handle_request = application
`

// layServer makes of the case's folder root what the server finds below "/":
// its configuration, and of what that names and the case does not bring, the
// scripts, the folders, the virtualenvs and the accounts. A script that the case
// has without text gets the text of the probe.
func layServer(t *testing.T, script *testscript.TestScript, configuration string, lines []served, isAsked bool) {
	h := newServedHost(script)
	defer h.root.Close()
	text := script.ReadFile(configuration)
	h.write("/etc/mime.types", "text/html html htm\ntext/plain txt\ntext/css css\n")
	h.script.Check(h.root.WriteFile(below(serverFile), []byte(minimalFor(t, isAsked)+listens(text, lines)+text), 0o644))
	h.folder(httpdtest.InsideLogs)
	config, err := conf.Read(serverFile, conf.Options{Root: h.root.Name()})
	script.Check(err)
	for directive := range config.All() {
		h.layNamed(directive)
	}
	h.layAccounts()
	h.fillScripts()
}

// minimalFor gives the configuration of the machine's httpd, or that of none.
func minimalFor(t *testing.T, isAsked bool) string {
	if !isAsked {
		var modules strings.Builder
		for _, name := range append(loaded, "wsgi") {
			fmt.Fprintf(&modules, "LoadModule %s_module modules/mod_%s.so\n", name, name)
		}
		return fmt.Sprintf(minimal, "/usr/lib/apache2", modules.String())
	}
	modules := httpdtest.LoadModules(t, loaded...) + fmt.Sprintf("LoadModule wsgi_module %q\n", httpdtest.Module(t, "6.1.1"))
	return fmt.Sprintf(minimal, filepath.Dir(httpdtest.ModulesDir(t)), modules)
}

var (
	hasListen = regexp.MustCompile(`(?mi)^\s*Listen\s`)
	hasPort   = regexp.MustCompile(`^http://[^/?]+:(\d+)`)
)

// listens are the lines for the ports of the URLs, where the case has none.
func listens(configuration string, lines []served) string {
	if hasListen.MatchString(configuration) {
		return ""
	}
	var text string
	for _, line := range lines {
		port := "80"
		if found := hasPort.FindStringSubmatch(line.url); found != nil {
			port = found[1]
		}
		if listen := "Listen " + port + "\n"; line.url != "" && !strings.Contains(text, listen) {
			text += listen
		}
	}
	return text
}

// A servedHost is the folder that stands for "/". Nothing is written outside of
// it, wherever links in it lead.
type servedHost struct {
	script   *testscript.TestScript
	root     *os.Root
	accounts []string // that the configuration names
}

func newServedHost(script *testscript.TestScript) *servedHost {
	folder := script.MkAbs("root")
	script.Check(os.MkdirAll(folder, 0o755))
	root, err := os.OpenRoot(folder)
	script.Check(err)
	return &servedHost{script, root, []string{"www-data"}}
}

// below is the name of a file in the folder that stands for "/".
func below(name string) string { return strings.TrimLeft(path.Clean(name), "/") }

// scriptsAt is the place of the script among the words of a directive.
var scriptsAt = map[string]int{
	"WSGIScriptAlias": 1, "WSGIScriptAliasMatch": 1, "WSGIHandlerScript": 1, "WSGIImportScript": 0, "WSGIDispatchScript": 0,
	"WSGIAccessScript": 0, "WSGIAuthUserScript": 0, "WSGIAuthGroupScript": 0,
}

func (h *servedHost) layNamed(d *conf.Directive) {
	words := d.Words()
	at, names := scriptsAt[d.Name]
	switch {
	case len(words) == 0:
	case names && len(words) > at:
		if name := words[at]; isScript(name) && !strings.ContainsAny(name, "$%") {
			h.write(name, "")
		}
	case d.Is("DocumentRoot"):
		h.folder(words[0])
	case d.Is("WSGIPythonHome"):
		h.virtualenv(words[0])
	case d.Is("User"), d.Is("Group"):
		h.accounts = append(h.accounts, words[0])
	case d.Is("WSGIDaemonProcess"):
		h.layDaemon(words[1:])
	}
}

func (h *servedHost) layDaemon(options []string) {
	for _, option := range options {
		switch name, value, _ := strings.Cut(option, "="); name {
		case "home":
			h.folder(value)
		case "python-home":
			h.virtualenv(value)
		case "user", "group":
			h.accounts = append(h.accounts, value)
		}
	}
}

// layAccounts writes the accounts of the machine, those that the configuration
// names, and those that have a folder below /home.
func (h *servedHost) layAccounts() {
	homes, err := fs.Glob(h.root.FS(), "home/*")
	h.script.Check(err)
	for _, home := range homes {
		h.accounts = append(h.accounts, path.Base(home))
	}
	for file, form := range map[string]string{"/etc/passwd": "%s:x:%d:%[2]d::/home/%[1]s:/bin/sh\n", "/etc/group": "%s:x:%d:\n"} {
		text, err := os.ReadFile(file)
		h.script.Check(err)
		known := string(text)
		for i, name := range h.accounts {
			if !strings.HasPrefix(name, "#") && !strings.Contains("\n"+known, "\n"+name+":") {
				known += fmt.Sprintf(form, name, 42000+i)
			}
		}
		h.script.Check(h.root.WriteFile(below(file), []byte(known), 0o644))
	}
}

// fillScripts gives every empty script the text of the probe.
func (h *servedHost) fillScripts() {
	h.script.Check(fs.WalkDir(h.root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || !isScript(name) {
			return err
		}
		text, err := h.root.ReadFile(name)
		if err == nil && len(text) == 0 {
			err = h.root.WriteFile(name, []byte(probe), 0o644)
		}
		return err
	}))
}

func isScript(name string) bool { return path.Ext(name) == ".wsgi" || path.Ext(name) == ".py" }

// write makes a file, unless the case brings it.
func (h *servedHost) write(name, text string) {
	h.folder(path.Dir(name))
	file, err := h.root.OpenFile(below(name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return
	}
	h.script.Check(err)
	_, err = file.WriteString(text)
	h.script.Check(errors.Join(err, file.Close()))
}

func (h *servedHost) folder(name string) {
	if name = below(name); name != "" {
		h.script.Check(h.root.MkdirAll(name, 0o755))
	}
}

// virtualenv makes one of the machine's own Python, unless the case brings it:
// httpd does not start without.
func (h *servedHost) virtualenv(name string) {
	h.folder(path.Dir(name))
	if err := h.root.Symlink("/usr", below(name)); !errors.Is(err, fs.ErrExist) {
		h.script.Check(err)
	}
}
