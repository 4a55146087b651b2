package system

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What stands in the files that a running Apache has read before is asked for:
// by "httpd -t", and what that does not see.
func TestFilesThatWouldStopTheNextStartAreFound(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	i.brokenByOthers = true
	declaration := i.declare("6.1.1", "shop")
	if err := i.apply(declaration); err != nil {
		t.Fatal(err)
	}
	makeCertificate(t, i.root, "old")
	makeCertificate(t, i.root, "new")
	ours := filepath.Join(i.root, "sites-available/shop.conf")
	rendered, err := os.ReadFile(ours)
	if err != nil {
		t.Fatal(err)
	}
	theirs := filepath.Join(i.root, "sites-enabled/theirs.conf")
	for name, c := range map[string]struct {
		file, text string
		want       []string
	}{
		"nothing wrong":         {theirs, "<VirtualHost *:1>\nErrorLog " + i.root + "/log/theirs.log\nCustomLog \"|/bin/cat\" common\n</VirtualHost>\n", nil},
		"syntax of others":      {theirs, "# fine\nNoSuchDirective on\n", []string{theirs + ":2: httpd does not accept it: Invalid command 'NoSuchDirective'", "; the file is not wsgictl's"}},
		"syntax in ours":        {ours, string(rendered) + "NoSuchDirective on\n", []string{"shop.conf:2", "Invalid command", "the file is wsgictl's, of site shop, which " + declaration.File + " declares, and was modified since"}},
		"log folder":            {theirs, "\n<VirtualHost *:1>\nErrorLog /no/such/folder/error.log\n</VirtualHost>\n", []string{theirs + ":3: ErrorLog /no/such/folder/error.log: there is no folder /no/such/folder", "not wsgictl's"}},
		"relative log folder":   {theirs, "CustomLog none/access.log common\n", []string{theirs + ":1: CustomLog " + i.root + "/none/access.log"}},
		"forensic log":          {theirs, "LoadModule log_forensic_module /usr/lib/apache2/modules/mod_log_forensic.so\nForensicLog none/forensic.log\n", []string{theirs + ":2: ForensicLog " + i.root + "/none/forensic.log"}},
		"key of another":        {theirs, "<VirtualHost *:1>\nSSLEngine on\nSSLCertificateFile new.crt\nSSLCertificateKeyFile old.key\n</VirtualHost>\n", []string{theirs + ":3: certificate " + i.root + "/new.crt with key " + i.root + "/old.key", "not wsgictl's"}},
		"certificate not there": {theirs, "LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so\n<VirtualHost *:1>\nSSLEngine on\nSSLCertificateFile none.crt\n</VirtualHost>\n", []string{theirs + ":4: httpd does not accept it: SSLCertificateFile"}},
	} {
		if err := os.WriteFile(c.file, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := i.CheckNextStart(t.Context()); err != nil {
			got = err.Error()
		}
		if (got == "") != (len(c.want) == 0) {
			t.Errorf("%s: %s", name, got)
		}
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: does not say %q:\n%s", name, want, got)
			}
		}
		if strings.Contains(got, "no folder") && strings.Contains(got, "AH0") {
			t.Errorf("%s: is said twice:\n%s", name, got)
		}
		os.Remove(theirs)
		if err := os.WriteFile(ours, rendered, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestStatusAndPlanFailWhereApacheWouldNotStartAgain(t *testing.T) {
	t.Parallel()
	p := newOthersProject(t)
	p.keep("6.1.1")
	args := []string{"--file", p.file, "--modules-directory", p.kept}
	output, err := p.run(append([]string{"apply", "--yes"}, args...)...)
	p.says(output, err, false, "Done: generation 1")
	output, err = p.run("status", "--modules-directory", p.kept)
	p.says(output, err, false, "start    Apache would start with these files")
	output, err = p.run(append([]string{"plan"}, args...)...)
	p.says(output, err, false, "Nothing to do")

	theirs := p.write("sites-enabled/theirs.conf", "<VirtualHost *:1>\nErrorLog /no/such/folder/error.log\n</VirtualHost>\n")
	want := theirs + ":2: ErrorLog /no/such/folder/error.log: there is no folder /no/such/folder"
	output, err = p.run("status", "--modules-directory", p.kept)
	p.says(output, err, true, "files    generation 1", "Apache would not start again with these files", want, "answers in daemon mode")
	output, err = p.run(append([]string{"plan"}, args...)...)
	p.says(output, err, true, "Nothing to do: all is as declared.\nwsgictl: with the files that are there Apache would not start again:\n"+want)
	p.write(p.file, p.declaration("")+"[daemon.shop]\nprocesses = 3\n")
	output, err = p.run(append([]string{"plan"}, args...)...)
	p.says(output, err, true, "nothing was changed, since Apache would not accept the result", want)
}
