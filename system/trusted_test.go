package system

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/trusttest"
)

// alice is an account that no system has.
const alice = trusttest.Alice

// declareBelow declares a site of which all that Apache goes by as root lies in
// a folder.
func declareBelow(t *testing.T, dir string) Declaration {
	t.Helper()
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, folder := range []string{"project", "logs", "python/lib/python3.11", "venv/bin", "keys", "jail"} {
		if err := os.MkdirAll(at(folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	config := "home = " + at("python/bin") + "\nversion = 3.11.2\n"
	for path, text := range map[string]string{"project/wsgictl.toml": "", "python/lib/libpython3.11.so": "", "keys/shop.pem": "", "keys/shop.key": "", "keys/chain.pem": "", "keys/ca.pem": "", "venv/pyvenv.cfg": config} {
		if err := os.WriteFile(at(path), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return Declaration{Module: Module{LoadFile: at("python/lib/libpython3.11.so")}, Declaration: intent.Declaration{
		File:    at("project/wsgictl.toml"),
		Daemons: []templates.Daemon{{Name: "shop", Settings: []modwsgi.Setting{{Name: "python-home", Value: at("venv")}, {Name: "chroot", Value: at("jail")}}}},
		Sites: []templates.Site{{Name: "shop", LogDirectory: at("logs"), TLS: templates.TLS{
			SSLCertificateFile: at("keys/shop.pem"), SSLCertificateKeyFile: at("keys/shop.key"),
			SSLCertificateChainFile: at("keys/chain.pem"), SSLCACertificateFile: at("keys/ca.pem"),
		}}},
	}}
}

func TestWhatOthersCanChangeIsRefusedUnlessTrusted(t *testing.T) {
	t.Parallel()
	for path, says := range map[string]string{
		"project":                     "the declaration is not root's alone",
		"project/wsgictl.toml":        "the declaration is not root's alone",
		"python/lib/python3.11":       "the Python of daemon shop is not root's alone",
		"python/lib/libpython3.11.so": "the Python of mod_wsgi is not root's alone",
		"logs":                        "the log folder of site shop is not root's alone",
		"keys/shop.pem":               "the certificate of site shop is not root's alone",
		"keys/chain.pem":              "the certificate chain of site shop is not root's alone",
		"keys/shop.key":               "the certificate key of site shop is not root's alone",
		"keys/ca.pem":                 "the file of authorities of site shop is not root's alone",
		"jail":                        "the chroot of daemon shop is not root's alone",
		"venv":                        "", // which is used by no process of root's
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			d := declareBelow(t, trusttest.Folder(t))
			if err := d.refuseUses(); err != nil {
				t.Fatalf("all is root's: %v", err)
			}
			given := filepath.Join(filepath.Dir(filepath.Dir(d.File)), path)
			if err := os.Lchown(given, alice, alice); err != nil {
				t.Fatal(err)
			}
			err := d.refuseUses()
			untrusted := (*trust.Untrusted)(nil)
			if refused := errors.As(err, &untrusted); refused != (says != "") {
				t.Fatalf("error %v", err)
			}
			if says != "" && (!strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), given+": it belongs to user 61001") || !strings.HasSuffix(err.Error(), "or take the risk by name: --trust '#61001'")) {
				t.Errorf("error %v", err)
			}
			d.Trust = []string{"#61002"}
			if err := d.refuseUses(); (err != nil) != (says != "") {
				t.Errorf("another is trusted: error %v", err)
			}
			d.Trust = append(d.Trust, "#61001")
			if err := d.refuseUses(); err != nil {
				t.Errorf("error %v", err)
			}
		})
	}
}
