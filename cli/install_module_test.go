package cli

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// tinyArchive is a source archive as mod_wsgi's, of the least that httpd takes
// for a module, with more of C behind it.
func tinyArchive(t *testing.T, release string, more ...string) []byte {
	t.Helper()
	var text bytes.Buffer
	zipped := gzip.NewWriter(&text)
	archive := tar.NewWriter(zipped)
	for _, file := range []struct{ name, content string }{
		{"src/server/wsgi_version.h", fmt.Sprintf("#define MOD_WSGI_VERSION_STRING %q\n", release)},
		{"src/server/mod_wsgi.c", "#include \"httpd.h\"\n#include \"http_config.h\"\nmodule AP_MODULE_DECLARE_DATA wsgi_module = {STANDARD20_MODULE_STUFF};\n" + strings.Join(more, "\n")},
	} {
		err := archive.WriteHeader(&tar.Header{Name: "mod_wsgi-" + release + "/" + file.name, Mode: 0o644, Size: int64(len(file.content))})
		if err == nil {
			_, err = archive.Write([]byte(file.content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(archive.Close(), zipped.Close()); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// tinyIndex serves one project with the releases 5.0.2, 6.1.1 and, for newer
// Pythons than there are, 9.0.0.
func tinyIndex(t *testing.T) (address string, digests map[string]string) {
	t.Helper()
	digests = map[string]string{}
	mux := http.NewServeMux()
	var files []string
	for _, release := range []struct{ number, python string }{{"5.0.2", ">=3.8"}, {"6.1.1", ">=3.10"}, {"9.0.0", ">=3.99"}} {
		archive := tinyArchive(t, release.number)
		digest := sha256.Sum256(archive)
		digests[release.number] = hex.EncodeToString(digest[:])
		name := "mod_wsgi-" + release.number + ".tar.gz"
		files = append(files, fmt.Sprintf(`{"filename": %q, "url": "/files/%s", "hashes": {"sha256": %q}, "requires-python": %q}`,
			name, name, digests[release.number], release.python))
		mux.HandleFunc("/files/"+name, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(archive) })
	}
	mux.HandleFunc("/simple/mod-wsgi/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.pypi.simple.v1+json")
		fmt.Fprintf(w, `{"meta": {"api-version": "1.0"}, "name": "mod-wsgi", "files": [%s]}`, strings.Join(files, ","))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL, digests
}

// wsgictl runs a command line of install-module.
func wsgictl(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, messages bytes.Buffer
	code = run(t.Context(), append([]string{"install-module"}, args...), &out, &messages)
	return code, out.String(), messages.String()
}

func TestInstallModuleFromAnIndex(t *testing.T) {
	t.Parallel()
	httpdtest.Builder(t) // or there is nothing to build with
	address, digests := tinyIndex(t)
	venv, cache := filepath.Join(t.TempDir(), "venv"), t.TempDir()
	if out, err := exec.Command(httpdtest.Python, "-m", "venv", "--without-pip", venv).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	always := []string{"--venv", venv, "--cache-dir", cache}
	fromIndex := slices.Clip(slices.Concat([]string{"--index-url", address + "/simple"}, always)) // so that each append copies
	for _, test := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"nothing is in the cache yet", append(always, "--offline"), 1, "run once without that"},
		{"a dry run fetches nothing", append(fromIndex, "--dry-run"), 0, ""},
		{"so the cache is still empty", append(always, "--offline"), 1, "run once without that"},
		{"the newest that fits", fromIndex, 0, "Installed mod_wsgi 6.1.1"},
		{"from the cache", append(always, "--offline", "--force"), 0, "Installed mod_wsgi 6.1.1"},
		{"not in the cache", append(always, "--offline", "--release", "5.0.2"), 1, "no source archive of mod_wsgi 5.0.2; the newest there is 6.1.1"},
		{"a release by name", append(fromIndex, "--release", "5.0.2"), 0, "Installed mod_wsgi 5.0.2"},
		{"with its digest", append(fromIndex, "--release", "5.0.2", "--sha256", strings.ToUpper(digests["5.0.2"])), 0, "is installed"},
		{"with another digest", append(fromIndex, "--release", "5.0.2", "--sha256", digests["6.1.1"]), 1, "expected " + digests["6.1.1"]},
		{"a release that is not there", append(fromIndex, "--release", "7.0"), 1, "no source archive of mod_wsgi 7.0; the newest there is 9.0.0"},
		{"what is no release", append(fromIndex, "--release", "six"), 2, "want a number"},
		{"an address", append(always, "--source", address+"/files/mod_wsgi-6.1.1.tar.gz"), 0, "Installed mod_wsgi 6.1.1"},
		{"an address with another digest", append(always, "--source", address+"/files/mod_wsgi-6.1.1.tar.gz", "--sha256", strings.Repeat("0", 64)), 1, "its SHA-256 is " + digests["6.1.1"]},
		{"an index that is none", append(always, "--index-url", address+"/elsewhere"), 1, "answered 404"},
	} {
		code, _, messages := wsgictl(t, test.args...)
		if code != test.code || !strings.Contains(messages, test.says) {
			t.Errorf("%s: exit code %d, want %d and %q:\n%s", test.name, code, test.code, test.says, messages)
		}
	}
}

func TestInstallModuleWithoutCacheKeepsNothing(t *testing.T) {
	t.Parallel()
	httpdtest.Builder(t)
	address, _ := tinyIndex(t)
	venv, cache := filepath.Join(t.TempDir(), "venv"), filepath.Join(t.TempDir(), "cache")
	if out, err := exec.Command(httpdtest.Python, "-m", "venv", "--without-pip", venv).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	code, _, messages := wsgictl(t, "--venv", venv, "--cache-dir", cache, "--no-cache", "--index-url", address+"/simple")
	if code != 0 {
		t.Fatal(messages)
	}
	if kept, err := exec.Command("find", cache, "-type", "f").Output(); err != nil || len(kept) > 0 {
		t.Errorf("%v: the cache is written all the same: %s", err, kept)
	}
	if code, _, messages := wsgictl(t, "--venv", venv, "--offline", "--no-cache"); code != 2 || !strings.Contains(messages, "leave one of them out") {
		t.Errorf("offline without a cache: exit code %d\n%s", code, messages)
	}
}
