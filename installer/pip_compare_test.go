package installer

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/needtest"
)

// TestSettingsLeadWherePipGoes asks the real pip which releases it finds with
// the settings of a company's mirror, and finds the same.
func TestSettingsLeadWherePipGoes(t *testing.T) {
	t.Parallel()
	wheels, err := filepath.Glob("/usr/share/python-wheels/pip-*.whl")
	if err != nil || len(wheels) == 0 {
		needtest.Missing(t, "no wheel of pip here: %v", err)
	}
	mirror := &fakeIndex{files: releases[:3], html: true, login: "bob:s3cret"}
	plain := mirror.serve(t)
	further := (&fakeIndex{files: []offered{{name: "mod_wsgi-4.8.0.tar.gz", content: "older"}}}).serve(t)
	encrypted := httptest.NewTLSServer(mirror)
	t.Cleanup(encrypted.Close)
	s := madeUp(t, map[string]string{
		"mirror/mod_wsgi-6.0.6.tar.gz":  "",
		"mirror/mod_wsgi-4.9.3.zip":     "",
		"page.html":                     `<a href="mirror/mod_wsgi-6.0.6.tar.gz">x</a>`,
		"home/.netrc":                   "machine 127.0.0.1 login bob password s3cret",
		"home/.config/pip/pip.conf":     "[global]\nindex-url = " + plain + "\nfind-links =\n    ~/../mirror\n",
		"ca.pem":                        string(certificatePEM(encrypted.Certificate().Raw)),
		"another/.config/pip/pip.conf":  "[global]\nno-index = yes\nfind_links = ~/../mirror ~/../page.html\n",
		"stranger/.config/pip/pip.conf": "",
	}, nil)
	for name, variables := range map[string]map[string]string{
		"pip.conf, a folder and a login in netrc": {"HOME": "home"},
		"no index but folders and pages":          {"HOME": "another"},
		"a login in the address, a further index": {"HOME": "stranger", "PIP_INDEX_URL": withLogin(t, plain, "bob", "s3cret"), "PIP_EXTRA_INDEX_URL": further},
		"certificates of the company":             {"HOME": "stranger", "PIP_INDEX_URL": withLogin(t, encrypted.URL+"/simple", "bob", "s3cret"), "PIP_CERT": s.at("/ca.pem")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			here := s
			here.Home = s.at(variables["HOME"])
			here.Getenv = func(name string) string { return variables[name] }
			settings, err := FindIndexSettings(here, "", nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(foundByPip(t, wheels[0], here.Home, variables), sorted(found(t, here, settings))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// foundByPip asks "pip index versions" for the releases.
func foundByPip(t *testing.T, wheel, home string, variables map[string]string) []string {
	t.Helper()
	command := exec.Command("/usr/bin/python3", "-m", "pip", "index", "versions", project)
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "PYTHONPATH=" + wheel, "PIP_NO_CACHE_DIR=1", "HOME=" + home}
	for name, value := range variables {
		if name != "HOME" {
			command.Env = append(command.Env, name+"="+value)
		}
	}
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	_, line, ok := strings.Cut(string(output), "Available versions: ")
	if !ok {
		t.Fatalf("pip tells no versions:\n%s", output)
	}
	line, _, _ = strings.Cut(line, "\n")
	return sorted(strings.Split(line, ", "))
}
