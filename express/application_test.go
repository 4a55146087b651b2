package express_test

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/needtest"
)

// An application is a folder with something to serve, and a virtualenv with a
// real module.
type application struct {
	Dir  string
	Venv string
	Root string // the server root that tests use; not there yet

	User       string            // whom root names with --user; nobody when empty
	Build      installer.Request // of a module of root's own
	Program    string            // wsgictl, where apachectl is to call it
	Executable string            // wsgictl, where a service is to become it
	Env        string            // a variable of the caller, as NAME=VALUE
}

// newApplication writes an application that every user can read. A virtualenv
// is made by hand, which takes no time: a link to the machine's Python and the
// module of the release.
func newApplication(t *testing.T, release string) *application {
	t.Helper()
	dir, err := os.MkdirTemp("", "wx") // short: below it are sockets
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	a := &application{Dir: filepath.Join(dir, "app"), Venv: filepath.Join(dir, "venv"), Root: filepath.Join(dir, "root"), Executable: "/bin/true"}
	a.makeVenv(t, httpdtest.Module(t, release))
	for name, content := range files {
		a.write(t, name, content)
	}
	a.write(t, "modules/mod_mpm_worker.so", "")
	a.write(t, "httpd", "#!/bin/sh\n")
	if err := os.Chmod(filepath.Join(a.Dir, "httpd"), 0o755); err != nil {
		t.Fatal(err)
	}
	a.makeCertificate(t)
	return a
}

var files = map[string]string{
	"hello.wsgi": `import os

def application(environ, start_response):
    lines = ["Hello from %d\n" % os.getpid()]
    lines += ["%s=%s\n" % (key, value) for key, value in sorted(environ.items())]
    lines += ["os.%s=%s\n" % item for item in sorted(os.environ.items())]
    lines += ["cwd=%s\n" % os.getcwd(), "uid=%d\n" % os.getuid()]
    body = "".join(lines).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]

app = application
`,
	"other.wsgi": `def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"other\n"]
`,
	"access.wsgi": `def allow_access(environ, host):
    return True

def check_password(environ, user, password):
    return password == "secret" if user == "ada" else None

def get_realm_hash(environ, user, realm):
    return None

def groups_for_user(environ, user):
    return ["staff"]
`,
	"coverage.py": "class Coverage:\n    pass\n", // a stand-in that is only looked for
	"service.py":  "import time\nprint('service runs', flush=True)\nwhile True:\n    time.sleep(1)\n",
	"rules.conf":  "# rules\n",
	"more.conf":   "# more\n",
}

func (a *application) write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(a.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// python is the interpreter that the modules of httpdtest are built for.
func python(t *testing.T) (path, series string) {
	t.Helper()
	path = "/usr/bin/python3"
	out, err := exec.Command(path, "-c", "import sys; print('%d.%d' % sys.version_info[:2])").Output()
	if err != nil {
		needtest.Missing(t, "no %s to test with: %v", path, err)
	}
	return path, strings.TrimSpace(string(out))
}

func (a *application) makeVenv(t *testing.T, module string) {
	t.Helper()
	interpreter, series := python(t)
	site := filepath.Join(a.Venv, "lib", "python"+series, "site-packages")
	server := filepath.Join(site, "mod_wsgi", "server")
	for _, dir := range []string{filepath.Join(a.Venv, "bin"), server, filepath.Join(site, "mod_wsgi", "telemetry")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	config := "home = /usr/bin\ninclude-system-site-packages = false\nversion = " + series + ".0\n"
	if err := os.WriteFile(filepath.Join(a.Venv, "pyvenv.cfg"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(interpreter, filepath.Join(a.Venv, "bin", "python")); err != nil {
		t.Fatal(err)
	}
	name := "mod_wsgi-py" + strings.ReplaceAll(series, ".", "") + ".cpython-" + strings.ReplaceAll(series, ".", "") + "-x86_64-linux-gnu.so"
	copyModule(t, module, filepath.Join(server, name))
}

// copyModule copies a module with the mod_wsgictl beside it.
func copyModule(t *testing.T, from, to string) {
	t.Helper()
	for from, to := range map[string]string{from: to, modwsgi.Beside(from): modwsgi.Beside(to)} {
		content, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(to, content, 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// makeCertificate writes site.crt and site.key.
func (a *application) makeCertificate(t *testing.T) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	a.write(t, "site.crt", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	a.write(t, "site.key", string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER})))
}

// account is who the application runs as when root runs the tests.
func (a *application) account() []string {
	if os.Getuid() != 0 {
		return nil
	}
	return []string{"--user", cmp.Or(a.User, "nobody")}
}

// lookup is the environment of the caller, without what a developer may have
// in it.
func (a *application) lookup(name string) (string, bool) {
	if key, value, found := strings.Cut(a.Env, "="); found && key == name {
		return value, true
	}
	switch name {
	case "HTTPD", "LANG", "LC_ALL", "LC_CTYPE":
		return "", false
	}
	return os.LookupEnv(name)
}

func (a *application) expand(text string) string {
	return strings.NewReplacer("$APP", a.Dir, "$ROOT", a.Root).Replace(text)
}

func (a *application) words(text string) []string {
	words := strings.Fields(a.expand(text))
	if len(words) > 1 && words[0] == "--application-type" {
		words = append(words, "--entry-point", "hello")
	}
	return words
}

// TestServesWhatAFactoryMakesOfArguments, which are literals.
func TestServesWhatAFactoryMakesOfArguments(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.write(t, "shop.py", `def make(config, debug=False):
    def application(environ, start_response):
        start_response("200 OK", [])
        return [("%s %r\n" % (config, debug)).encode()]
    return application
`)
	r := a.serve(t, "--application-type", "module", "--entry-point", "shop:make('a:b (c)', debug=[1])")
	r.wants(r.get("/"), 200, "a:b (c) [1]\n")
}
