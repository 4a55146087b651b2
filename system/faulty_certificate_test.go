package system

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// renewedHalf has a site's certificate replaced, and its key left; it gives a
// declaration with another pair.
func (i *instance) renewedHalf(d Declaration) Declaration {
	i.t.Helper()
	for _, name := range []string{"old", "other"} {
		makeCertificate(i.t, i.root, name)
	}
	site := &d.Sites[0]
	site.SSLCertificateFile, site.SSLCertificateKeyFile, site.HTTPSPort = filepath.Join(i.root, "old.crt"), filepath.Join(i.root, "old.key"), httpdtest.FreePort(i.t)
	if err := i.apply(d); err != nil {
		i.t.Fatal(err)
	}
	makeCertificate(i.t, i.root, "renewed")
	if err := os.Rename(filepath.Join(i.root, "renewed.crt"), site.SSLCertificateFile); err != nil {
		i.t.Fatal(err)
	}
	site.SSLCertificateFile, site.SSLCertificateKeyFile = filepath.Join(i.root, "other.crt"), filepath.Join(i.root, "other.key")
	return d
}

// A certificate that was renewed half stands in the way of no plan that takes it
// away.
func TestPlanThatTakesAFaultyCertificateAwayIsApplied(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(i *instance, d Declaration) error{
		"apply":  func(i *instance, d Declaration) error { return i.apply(d) },
		"remove": func(i *instance, _ Declaration) error { return i.remove("hello") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newInstance(t)
			d := i.renewedHalf(i.declare("6.1.1", "hello", "shop"))
			if err := i.apply(i.project("6.1.1", "blog")); err == nil || !strings.Contains(err.Error(), "the file is wsgictl's, of site hello, which "+d.File+" declares") {
				t.Errorf("a plan that leaves it: error %v", err)
			}
			if err := change(i, d); err != nil {
				t.Error(err)
			}
			i.expect("shop", "6.1.1")
			i.clean()
		})
	}
}

// Apache, which runs by the certificate as it was, is not reloaded by the files
// that are put back: it would exit.
func TestPuttingAFaultyCertificateBackStopsNoApache(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	d := i.renewedHalf(i.declare("6.1.1", "hello", "shop"))
	i.Limit = time.Second // for a site that never answers
	before, parent := i.tree(), i.RunningPID()
	d.Sites[0].Script = i.write(filepath.Join(i.apps, "hello/broken.py"), "import nothing_of_that_name\n")
	var said []string
	i.Report = func(text string) { said = append(said, text) }
	if err := i.apply(d); err == nil || !strings.Contains(err.Error(), "all was put back as it was before") {
		t.Errorf("error %v", err)
	}
	if text := strings.Join(said, "\n"); !strings.Contains(text, "Apache is not reloaded, and goes on as it runs") {
		t.Errorf("said %s", text)
	}
	i.unchanged(before)
	if i.RunningPID() != parent {
		t.Errorf("process %d, it was %d", i.RunningPID(), parent)
	}
	i.expect("shop", "6.1.1")
}
