package cli

import (
	"cmp"

	"github.com/wsgictl/wsgictl/intent"
)

// projectFlags describe a project where its files do not.
type projectFlags struct {
	File       string `placeholder:"FILE" help:"The declaration to write (default: ./wsgictl.toml; as root in a folder that others can change, one of /etc/wsgictl)."`
	Name       string `placeholder:"NAME" help:"Name of the site (default: the folder's)."`
	ServerName string `placeholder:"NAME" help:"Host name of the site (default: this host's)."`
	Script     string `placeholder:"FILE" help:"The WSGI script file (default: what is found in the folder)."`
	Venv       string `placeholder:"DIR" help:"The virtualenv (default: VIRTUAL_ENV, .venv, venv or env here or above, or the one in this folder)."`
	User       string `placeholder:"USER" help:"Account that the application runs as (default: Apache's own)."`

	ACME            string `name:"acme" placeholder:"ADDRESS" help:"HTTPS with a certificate of Let's Encrypt, which is given this e-mail address; needs --acme-accept-terms."`
	ACMEAcceptTerms bool   `name:"acme-accept-terms" help:"Accept the terms of service of Let's Encrypt."`
}

func (f projectFlags) project() intent.Project {
	return intent.Project{File: cmp.Or(f.File, intent.DefaultFile()), Name: f.Name, ServerName: f.ServerName, Script: f.Script, Venv: f.Venv, User: f.User, ACME: f.ACME, ACMEAcceptTerms: f.ACMEAcceptTerms}
}
