package express

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

// places are the folders and files of a server root, and those that the options
// name instead.
type places struct {
	root      string
	documents string
	eggs      string
	rewrite   string
	envvars   string
	pidFile   string

	folders []Folder // to be made
	files   []File   // for people to edit
}

// serverRoot is the folder that was named, or one of the host and port.
func (p *planner) serverRoot() string {
	if root := p.caller.abs(p.command.ServerRoot); root != "" {
		return root
	}
	return p.caller.defaultRoot(p.host(), p.command.Port)
}

// in is a path below the server root.
func (p places) in(name string) string { return filepath.Join(p.root, name) }

func (p *planner) settlePlaces() places {
	o, made := p.command.Options, places{root: p.root}
	named := func(path, otherwise string) (_ string, own bool) {
		if path != "" {
			return p.caller.abs(path), false
		}
		return made.in(otherwise), true
	}
	var ownDocuments, ownRules, ownVariables bool
	made.documents, ownDocuments = named(o.DocumentRoot, "htdocs")
	made.eggs, _ = named(o.PythonEggs, "python-eggs")
	made.rewrite, ownRules = named(o.RewriteRules, "rewrite.conf")
	made.envvars, ownVariables = named(o.EnvvarsScript, "envvars")
	made.pidFile, _ = named(o.PIDFile, "httpd.pid")

	made.folders = []Folder{{made.root, 0o755, false}}
	if ownDocuments {
		made.folders = append(made.folders, Folder{made.documents, 0o755, false})
	}
	if o.MountPoint != "/" {
		made.folders = append(made.folders, Folder{filepath.Join(made.documents, o.MountPoint), 0o755, false})
	}
	made.folders = append(made.folders, Folder{made.eggs, 0o755, true})
	if o.LogDirectory != "" {
		made.folders = append(made.folders, Folder{p.logFolder(), 0o755, false})
	}
	if ownRules {
		made.files = append(made.files, File{made.rewrite, "", 0o644, true})
	}
	if ownVariables {
		made.files = append(made.files, File{made.envvars, "", 0o600, true})
	}
	return made
}

// cleanMount gives a mount point one slash before and none behind.
func cleanMount(path string) string { return "/" + strings.Trim(filepath.Clean("/"+path), "/") }

func (p *planner) checkPlaces() error {
	if p.mode == templates.DaemonMode {
		if err := checkSocketPrefix(p.socketPrefix(), p.account.uid, 1+len(p.command.ServiceScripts)); err != nil {
			return err
		}
	}
	if info, err := os.Stat(p.workingDir); err != nil || !info.IsDir() {
		return fmt.Errorf("--working-directory %s: no such folder", p.workingDir)
	}
	return nil
}

// checkFiles refuses names of files that are not there.
func (p *planner) checkFiles() error {
	o := p.command.Options
	named := []struct{ option, path string }{
		{"host-access-script", o.HostAccessScript}, {"auth-user-script", o.AuthUserScript}, {"auth-group-script", o.AuthGroupScript},
		{"rewrite-rules", o.RewriteRules}, {"envvars-script", o.EnvvarsScript}, {"mime-types", o.MIMETypes},
		{"ssl-ca-certificate-file", o.SSLCACertificateFile}, {"ssl-certificate-chain-file", o.SSLCertificateChainFile},
		{"document-root", o.DocumentRoot},
	}
	if o.WithPHP5 {
		named = append(named, struct{ option, path string }{"with-php5", filepath.Join(p.software.apache.ModulesDir, "libphp5.so")})
	}
	for option, list := range map[string][][2]string{"service-script": o.ServiceScripts, "add-handler": o.HandlerScripts} {
		for _, pair := range list {
			if p.caller.abs(pair[1]) != p.in(telemetryScript) {
				named = append(named, struct{ option, path string }{option, pair[1]})
			}
		}
	}
	for _, file := range o.IncludeFiles {
		named = append(named, struct{ option, path string }{"include-file", file})
	}
	for _, file := range named {
		path := p.caller.abs(file.path)
		if path == "" || exists(path) {
			continue
		}
		if oneOf(file.option, "include-file", "rewrite-rules") && strings.ContainsAny(path, "*?[") {
			continue // Apache includes what fits, and says if nothing does
		}
		return fmt.Errorf("--%s %s: no such file", file.option, path)
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// socketPrefix starts from the server root where it is no path from the root,
// as the directive does.
func (p *planner) socketPrefix() string {
	if filepath.IsAbs(p.command.SocketPrefix) {
		return filepath.Join(p.command.SocketPrefix, "wsgi")
	}
	return filepath.Join(p.root, p.command.SocketPrefix, "wsgi")
}

// included tells the name of a file, in which * and ? may stand, from a pattern.
func (p *planner) included(path string) templates.Included {
	return templates.Included{Path: path, Pattern: path != p.in("rewrite.conf") && !exists(path)}
}
