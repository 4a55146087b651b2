package httpdtest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
)

// Root gives a folder that stands for "/", with an httpd in it of that layout,
// built from the sources of Debian's package. It is built once and kept for
// later test runs. Where the sources cannot be had, the test is skipped. For the
// machine's own httpd the folder is empty.
func (l Layout) Root(t testing.TB) string {
	t.Helper()
	if l.configure == nil {
		return t.TempDir()
	}
	archive, err := httpdSource()
	if err != nil {
		needtest.Missing(t, "no sources of httpd: %v", err)
	}
	key := sha256.Sum256(fmt.Append(nil, filepath.Base(archive), commonArguments, l))
	root := filepath.Join(cacheFolder(t), "httpd-"+hex.EncodeToString(key[:8]))
	err = alone(root+".lock", func() error {
		if _, err := os.Stat(root); err == nil {
			return nil
		}
		return l.build(t, archive, root)
	})
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// build builds into a folder, which is there when all is in it.
func (l Layout) build(t testing.TB, archive, root string) error {
	t.Helper()
	work, err := os.MkdirTemp(cacheFolder(t), "building-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	staged := build{t, work}.install(archive, append(l.configure, commonArguments...))
	if err := l.complete(staged); err != nil {
		return err
	}
	return os.Rename(staged, root)
}

// alone lets one process at a time fill a place of the cache: the tests of
// several packages run side by side.
func alone(lock string, fill func() error) error {
	file, err := os.OpenFile(lock, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	return fill()
}

// CanBuild tells why no layout but the machine's own can be had; nil when they
// can.
func CanBuild() error {
	if os.Geteuid() != 0 {
		return errors.New("not root")
	}
	_, err := httpdSource()
	return err
}

// commonArguments let httpd use the system's APR and have few modules, all of
// them files: that takes half a minute.
var commonArguments = []string{
	"CFLAGS=-O0 -w", "--with-apr=/usr/bin/apr-1-config", "--with-apr-util=/usr/bin/apu-1-config",
	"--enable-modules=none", "--enable-mods-shared=authn_core authz_core authz_host unixd alias dir headers mime log_config reqtimeout filter",
	"--enable-mpms-shared=event",
}

// A build runs commands in a folder.
type build struct {
	t      testing.TB
	folder string
}

// install builds an archive and installs the result below a folder.
func (b build) install(archive string, arguments []string) string {
	b.t.Helper()
	staged := filepath.Join(b.folder, "staged")
	b.run("tar", "-xf", archive, "--strip-components=1")
	b.run("./configure", arguments...)
	b.run("nice", "make", "-j2")
	b.run("make", "local-install", "INSTALL_TARGETS=install-conf install-htdocs install-cgi install-other", "DESTDIR="+staged)
	for _, folder := range []string{"modules", "server/mpm", "support"} {
		b.run("make", "-C", folder, "install", "DESTDIR="+staged)
	}
	return staged
}

func (b build) run(name string, args ...string) {
	b.t.Helper()
	command := exec.Command(name, args...)
	command.Dir = b.folder
	if output, err := command.CombinedOutput(); err != nil {
		b.t.Fatalf("build httpd: %s: %v\n%s", command, err, lastBytes(output, 4000))
	}
}

func lastBytes(text []byte, n int) []byte { return text[max(0, len(text)-n):] }

// httpdSource fetches once for the whole test run.
var httpdSource = sync.OnceValues(func() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(cache, "wsgictl-test", "httpd-source")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	var archive string
	err = alone(folder+".lock", func() (err error) {
		archive, err = fetchHTTPDSource(folder)
		return err
	})
	return archive, err
})

// fetchHTTPDSource gives the archive of httpd's sources that apt fetches and checks
// by the keys that it trusts. Nothing of the machine's own apt is changed: its
// lists, its cache and its sources are a folder of the tests.
func fetchHTTPDSource(folder string) (string, error) {
	pattern := filepath.Join(folder, "apache2_*.orig.tar.*z*")
	if found, _ := filepath.Glob(pattern); len(found) > 0 {
		return found[len(found)-1], nil
	}
	apt, err := newApt(folder)
	if err != nil {
		return "", err
	}
	if _, err := apt.run("apt-get", "--quiet", "update"); err != nil {
		return "", err
	}
	listed, err := apt.run("apt-cache", "showsrc", "--only-source", "apache2")
	if err != nil {
		return "", err
	}
	var last error
	for line := range strings.Lines(listed) {
		version, isVersion := strings.CutPrefix(line, "Version: ")
		if !isVersion {
			continue
		}
		// A mirror may list a version that it has not.
		if _, last = apt.run("apt-get", "--quiet", "source", "--download-only", "--tar-only", "apache2="+strings.TrimSpace(version)); last == nil {
			break
		}
	}
	found, _ := filepath.Glob(pattern)
	if len(found) == 0 {
		return "", fmt.Errorf("apt has none: %w", last)
	}
	return found[0], nil
}

// An apt works in a folder of its own.
type apt struct{ folder string }

func newApt(folder string) (apt, error) {
	for _, name := range []string{"lists/partial", "cache/archives/partial"} {
		if err := os.MkdirAll(filepath.Join(folder, name), 0o755); err != nil {
			return apt{}, err
		}
	}
	sites, err := exec.Command("apt-get", "indextargets", "--format", "deb-src $(SITE) $(RELEASE) $(COMPONENT)", "Created-By: Packages").Output()
	if err != nil {
		return apt{}, fmt.Errorf("ask apt for its sources: %w", err)
	}
	settings := fmt.Sprintf("Dir::Etc::sourcelist %q;\nDir::Etc::sourceparts \"/dev/null\";\nDir::State::lists %q;\nDir::Cache %q;\nAPT::Sandbox::User \"root\";\n",
		filepath.Join(folder, "sources.list"), filepath.Join(folder, "lists"), filepath.Join(folder, "cache"))
	for name, text := range map[string]string{"sources.list": string(sites), "apt.conf": settings} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			return apt{}, err
		}
	}
	return apt{folder}, nil
}

func (a apt) run(name string, args ...string) (string, error) {
	command := exec.Command(name, args...)
	command.Dir = a.folder
	command.Env = append(os.Environ(), "APT_CONFIG="+filepath.Join(a.folder, "apt.conf"))
	output, err := command.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", command, err, lastBytes(output, 1000))
	}
	return string(output), nil
}
