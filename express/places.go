package express

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

// places are the folders and files of a server root, and those that the options
// name instead.
type places struct {
	root      serverRoot
	documents string
	mounted   string // folder of the documents that the application falls back from
	eggs      string
	rewrite   string
	envvars   string
	pidFile   string
	sockets   string // what their paths begin with

	folders []Folder // to be made
	files   []File   // for people to edit
}

// settlePlaces decides which are there, with the documents and the mount point of the
// application. It refuses a folder in which no socket can be made.
func settlePlaces(o Options, app application, root serverRoot, who identity) (places, error) {
	named := func(path, otherwise string) (_ string, own bool) {
		if path != "" {
			return who.abs(path), false
		}
		return root.in(otherwise), true
	}
	documents, ownDocuments := named(app.documents, "htdocs")
	eggs, _ := named(o.PythonEggs, "python-eggs")
	rewrite, ownRules := named(o.RewriteRules, "rewrite.conf")
	envvars, ownVariables := named(o.EnvvarsScript, "envvars")
	pidFile, _ := named(o.PIDFile, "httpd.pid")

	folders := []Folder{{string(root), 0o755, false}}
	if ownDocuments {
		folders = append(folders, Folder{documents, 0o755, false})
	}
	mounted := filepath.Join(documents, app.mountPoint)
	if app.mountPoint != "/" {
		folders = append(folders, Folder{mounted, 0o755, false})
	}
	folders = append(folders, Folder{eggs, 0o755, true})
	var files []File
	if ownRules {
		files = append(files, File{rewrite, "", 0o644, true})
	}
	if ownVariables {
		files = append(files, File{envvars, "", 0o600, true})
	}
	sockets := socketPrefix(root, o.SocketPrefix)
	if o.mode() == templates.DaemonMode {
		if err := checkSocketPrefix(sockets, who.account.uid, o.daemonGroups()); err != nil {
			return places{}, err
		}
	}
	return places{
		root: root, documents: documents, mounted: mounted, eggs: eggs, rewrite: rewrite, envvars: envvars, pidFile: pidFile,
		sockets: sockets, folders: folders, files: files,
	}, nil
}

// daemonGroups is how many daemon process groups there are: that of the application, and
// one for each service.
func (o Options) daemonGroups() int {
	groups := 1 + len(o.ServiceScripts)
	if o.EnableTelemetry {
		groups++
	}
	return groups
}

// uses are what Apache and apachectl use of them as root. In daemon mode there are
// sockets too.
func (p places) uses(mode templates.Mode) []use {
	uses := []use{
		{option: "envvars-script", path: p.envvars, how: "it is run with apachectl"},
		{option: "server-root", path: p.root.in("python/wsgictl_express/__pycache__"), how: "Python's files are written there"},
		{option: "pid-file", path: p.pidFile, how: "it is written, and read for whom to signal,", new: true},
		{option: "rewrite-rules", path: p.rewrite, how: "it is read", included: true},
	}
	if mode == templates.DaemonMode {
		uses = append(uses, use{option: "socket-prefix", path: p.sockets, how: "sockets are made there", new: true})
	}
	return uses
}

// cleanMount gives a mount point one slash before and none behind.
func cleanMount(path string) string { return "/" + strings.Trim(filepath.Clean("/"+path), "/") }

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// socketPrefix starts from the server root where it is no path from the root,
// as the directive does.
func socketPrefix(root serverRoot, named string) string {
	if filepath.IsAbs(named) {
		return filepath.Join(named, "wsgi")
	}
	return root.in(filepath.Join(named, "wsgi"))
}

// included tells the name of a file, in which * and ? may stand, from a pattern.
func (p places) included(path string) templates.Included {
	return templates.Included{Path: path, Pattern: path != p.root.in("rewrite.conf") && !exists(path)}
}
