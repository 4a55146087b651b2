package system

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTakeCertificateDeclaresWhatCertbotServes(t *testing.T) {
	t.Parallel()
	p := newOthersProject(t)
	p.keep("6.1.1")
	p.write(p.file, p.declaration("# The shop.\n")+"# its name says it\n\n[daemon.shop]\nprocesses = 2 # two\n")
	args := []string{"--file", p.file, "--modules-directory", p.kept}
	apply := append([]string{"apply", "--yes", "--health-limit", "4"}, args...)
	output, err := p.run(apply...)
	p.says(output, err, false, "Done: generation 1")
	output, err = p.run(append(apply, "--take-certificate")...)
	p.says(output, err, true, "--take-certificate: certbot serves no site of "+p.file)

	port := p.certbot()
	output, err = p.run("status", "--modules-directory", p.kept)
	p.says(output, err, false, "certbot  serves HTTPS for shop with "+p.root+"/letsencrypt/live/shop.example.org/shop.crt", "apply --take-certificate --file "+p.file, "all as applied", p.file+": as applied", "answers in daemon mode")
	output, err = p.run(append([]string{"plan"}, args...)...)
	p.says(output, err, false, "Nothing to do: all is as declared.\ncertbot  serves HTTPS for shop")

	// One that fails leaves the declaration as it was.
	declared, certbots := p.text(p.file), p.read("sites-available/shop-le-ssl.conf")
	script := filepath.Join(p.folder, "wsgi.py")
	works := p.text(script)
	p.write(script, "import nothing_of_that_name\n")
	output, err = p.run(append(apply, "--take-certificate")...)
	p.says(output, err, true, "all was put back as it was before")
	if p.text(p.file) != declared || p.read("sites-available/shop-le-ssl.conf") != certbots {
		t.Errorf("not as it was:\n%s", p.text(p.file))
	}
	p.write(script, works)

	output, err = p.run(append(apply, "--take-certificate")...)
	p.says(output, err, false, "+ssl-certificate-file = ", "Done: generation 2")
	certificate := p.root + "/letsencrypt/live/shop.example.org/shop"
	keys := fmt.Sprintf("ssl-certificate-file = %q\nssl-certificate-key-file = %q\nhttps-port = %d\n", certificate+".crt", certificate+".key", port)
	if want := strings.Replace(declared, "# its name", keys+"# its name", 1); p.text(p.file) != want {
		t.Errorf("declared %s\nwant %s", p.text(p.file), want)
	}
	output, err = p.run("status", "--modules-directory", p.kept)
	if p.says(output, err, false, p.file+": as applied", "answers in daemon mode"); strings.Contains(output, "certbot") {
		t.Error(output)
	}
}

// Root writes no declaration that others can change, and says what to write.
func TestTakeCertificateLeavesTheDeclarationOfOthersAlone(t *testing.T) {
	t.Parallel()
	p := newOthersProject(t)
	p.keep("6.1.1")
	hers := p.write(filepath.Join(p.folder, "wsgictl.toml"), p.declaration(""))
	p.give(p.folder)
	apply := []string{"apply", "--yes", "--trust", "#61001", "--file", hers, "--modules-directory", p.kept}
	output, err := p.run(apply...)
	p.says(output, err, false, "Done: generation 1")
	p.certbot()
	output, err = p.run(append(apply, "--take-certificate")...)
	p.says(output, err, true, "nothing is written to a folder that others can change", "[site.shop]\nssl-certificate-file = ")
	if got := p.text(hers); got != p.declaration("") {
		t.Error(got)
	}
}

func (p *othersProject) text(path string) string {
	p.t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(text)
}
