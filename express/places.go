package express

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

func (p *planner) settlePlaces() {
	o := &p.command.Options
	p.setup.Folders = append(p.setup.Folders, Folder{p.root, 0o755, false})
	p.documents = p.caller.abs(o.DocumentRoot)
	if p.documents == "" {
		p.documents = p.in("htdocs")
		p.folder(p.documents)
	}
	if o.MountPoint = "/" + strings.Trim(filepath.Clean("/"+o.MountPoint), "/"); o.MountPoint != "/" {
		p.folder(filepath.Join(p.documents, o.MountPoint))
	}
	if p.eggs = p.caller.abs(o.PythonEggs); p.eggs == "" {
		p.eggs = p.in("python-eggs")
	}
	p.setup.Folders = append(p.setup.Folders, Folder{p.eggs, 0o755, true})
	if p.rewrite = p.caller.abs(o.RewriteRules); p.rewrite == "" {
		p.rewrite = p.in("rewrite.conf")
		p.setup.Files = append(p.setup.Files, File{p.rewrite, "", 0o644, true})
	}
	if p.envvars = p.caller.abs(o.EnvvarsScript); p.envvars == "" {
		p.envvars = p.in("envvars")
		p.setup.Files = append(p.setup.Files, File{p.envvars, "", 0o600, true})
	}
	if p.pidFile = p.caller.abs(o.PIDFile); p.pidFile == "" {
		p.pidFile = p.in("httpd.pid")
	}
}

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
			if p.caller.abs(pair[1]) != p.in("telemetry-service.py") {
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
