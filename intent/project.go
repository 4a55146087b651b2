package intent

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
)

// A Project is one without a declaration yet. What is empty is found in its folder
// and on this host.
type Project struct {
	File       string // the declaration to write
	Name       string // of the site; empty for the folder's
	ServerName string // empty for this host's
	Script     string // empty for what is found in the folder
	Venv       string // empty for one of the usual ones
	User       string // that the application runs as; empty for Apache's own

	ACME            string // address at which the authority for certificates reaches somebody; empty for HTTP alone
	ACMEAcceptTerms bool   // of that authority
}

// Text is what the file is to hold. The accounts named are trusted by it.
func (p Project) Text(trusted []string) (string, error) {
	if _, err := trust.Deciders().And(trusted...); err != nil {
		return "", err
	}
	starter, err := p.starter()
	if err != nil {
		return "", err
	}
	if err := starter.CheckACME(); err != nil {
		return "", err
	}
	starter.Trust = trusted
	text, err := starter.Render()
	switch {
	case err != nil && p.Name == "":
		return "", fmt.Errorf("%w; it comes from the folder's: give another with --name", err)
	case err != nil:
		return "", err
	}
	if _, err := Parse(p.File, []byte(text)); err != nil {
		return "", err
	}
	return text, nil
}

// starter completes the project with what the folder and the host tell.
func (p Project) starter() (templates.Starter, error) {
	folder, err := projectOf(p.File)
	if err != nil {
		return templates.Starter{}, err
	}
	venv, err := detect.FindVirtualenv(p.Venv)
	if err != nil {
		return templates.Starter{}, err
	}
	script, err := p.script(folder)
	if err != nil {
		return templates.Starter{}, err
	}
	starter := templates.Starter{Name: p.Name, ServerName: p.ServerName, Venv: venv, Script: script, Home: folder, User: p.User, ACME: p.ACME, ACMEAcceptTerms: p.ACMEAcceptTerms}
	if above := ImportFolder(script); above != filepath.Dir(script) {
		starter.Home = above
	}
	if starter.Name == "" {
		starter.Name = strings.Trim(notInName().ReplaceAllString(filepath.Base(folder), "-"), "-._")
	}
	if starter.ServerName == "" {
		starter.ServerName = detect.HostName()
	}
	starter.CallableObject = callable(script)
	return starter, refuseASGI(script, starter.CallableObject)
}

// notInName is what the name of a site cannot hold.
var notInName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^A-Za-z0-9._-]+`) })
