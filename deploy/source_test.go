package deploy

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/needtest"
)

// release puts a source into a folder, and gives what is there then, with what each file
// holds and where each link leads.
func release(t *testing.T, source *Source) (map[string]string, error) {
	t.Helper()
	defer source.Close()
	ready, err := source.check()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(t.TempDir(), "releases", "1")
	if err := (worker{self: true}).put(t.Context(), ready, dir); err != nil {
		return nil, err
	}
	found := map[string]string{}
	err = filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		name, _ := filepath.Rel(dir, path)
		switch info, _ := os.Lstat(path); {
		case err != nil || entry.IsDir():
			return err
		case info.Mode()&os.ModeSymlink != 0:
			target, err := os.Readlink(path)
			found[name] = "-> " + target
			return err
		default:
			text, err := os.ReadFile(path)
			found[name] = map[bool]string{true: "x "}[info.Mode()&0o111 != 0] + string(text)
			return err
		}
	})
	return found, err
}

// project is a folder with code, and with what is no part of it.
func project(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"wsgi.py": "app", "manage.py": "manage", "web/views.py": "views", ".env.example": "env", "empty/.keep": "",
		".git/config": "git", "__pycache__/wsgi.pyc": "pyc", "web/__pycache__/a.pyc": "pyc", ".venv/pyvenv.cfg": "", "env/pyvenv.cfg": "", "env/bin/x": "", ".tox/a": "",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	os.Chmod(filepath.Join(dir, "manage.py"), 0o700)
	if err := os.Symlink("../wsgi.py", filepath.Join(dir, "web/main.py")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// code is what a release of the project has.
var code = map[string]string{"wsgi.py": "app", "manage.py": "x manage", "web/views.py": "views", "web/main.py": "-> ../wsgi.py", ".env.example": "env", "empty/.keep": ""}

// TestReleaseIsTheCodeOfAFolderOrArchive has the same code come of each form.
func TestReleaseIsTheCodeOfAFolderOrArchive(t *testing.T) {
	t.Parallel()
	dir := project(t)
	archives := t.TempDir()
	for name, words := range map[string][]string{
		"":        nil,
		"a.tar":   {"tar", "-cf", archives + "/a.tar", "-C", dir, "."},
		"b.tgz":   {"sh", "-c", "cd " + dir + " && tar -czf " + archives + "/b.tgz --transform 's,^\\.,shop-1.0,S' ."},
		"a.bz2":   {"tar", "-cjf", archives + "/a.bz2", "-C", dir, "."},
		"a.xz":    {"tar", "-cJf", archives + "/a.xz", "-C", dir, "."},
		"git.tar": {"sh", "-c", "cd " + dir + " && rm -rf .git && git init -q . && git add -A . && git -c user.name=a -c user.email=a@example.org commit -qm a && git archive --prefix=shop/ -o " + archives + "/git.tar HEAD && rm -rf .git && mkdir .git"},
	} {
		source := dir
		if words != nil {
			source = filepath.Join(archives, name)
			if output, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
				t.Fatalf("%q: %v\n%s", words, err, output)
			}
		}
		opened, err := OpenSource(source)
		if err != nil {
			t.Fatal(err)
		}
		found, err := release(t, opened)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(code, found); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestReleaseOfAZip has a link and an executable file in one folder.
func TestReleaseOfAZip(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "a.zip")
	made, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	archive := zip.NewWriter(made)
	for _, e := range []struct {
		name, text string
		mode       os.FileMode
	}{{"shop/", "", os.ModeDir | 0o755}, {"shop/wsgi.py", "app", 0o644}, {"shop/run", "run", 0o755}, {"shop/web/main.py", "../wsgi.py", os.ModeSymlink | 0o777}} {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		header.SetMode(e.mode)
		if w, err := archive.CreateHeader(header); err != nil {
			t.Fatal(err)
		} else if _, err := io.WriteString(w, e.text); err != nil {
			t.Fatal(err)
		}
	}
	archive.Close()
	made.Close()
	source, err := OpenSource(name)
	if err != nil {
		t.Fatal(err)
	}
	found, err := release(t, source)
	if diff := cmp.Diff(map[string]string{"wsgi.py": "app", "run": "x run", "web/main.py": "-> ../wsgi.py"}, found); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

// TestHostileArchiveIsRefused has archives that would write outside of the release, or make
// what is no code, refused before anything is written.
func TestHostileArchiveIsRefused(t *testing.T) {
	t.Parallel()
	plain := func(name string) tar.Header { return tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644} }
	linked := func(name, target string) tar.Header {
		return tar.Header{Name: name, Typeflag: tar.TypeSymlink, Linkname: target}
	}
	for name, test := range map[string]struct {
		headers []tar.Header
		want    string
	}{
		"above":           {[]tar.Header{plain("../passwd")}, "outside of the release"},
		"above later":     {[]tar.Header{plain("a/../../passwd")}, "outside of the release"},
		"absolute":        {[]tar.Header{plain("/etc/passwd")}, "outside of the release"},
		"device":          {[]tar.Header{{Name: "null", Typeflag: tar.TypeChar, Devmajor: 1, Devminor: 3}}, "it is a device"},
		"disk":            {[]tar.Header{{Name: "sda", Typeflag: tar.TypeBlock}}, "it is a device"},
		"pipe":            {[]tar.Header{{Name: "pipe", Typeflag: tar.TypeFifo}}, "a FIFO"},
		"link out":        {[]tar.Header{linked("a", "../b")}, "leads out"},
		"link to root":    {[]tar.Header{linked("a", "/etc")}, "leads out"},
		"link to above":   {[]tar.Header{linked("a/b", "../..")}, "leads out"},
		"link up later":   {[]tar.Header{linked("deep/a/up", "../.."), linked("g", "deep/a/up/..")}, "leads out of the release, or could"},
		"through a link":  {[]tar.Header{linked("a", "b"), plain("a/c")}, "is no folder"},
		"over a link":     {[]tar.Header{linked("a", "b"), plain("a")}, "it is there twice"},
		"link over":       {[]tar.Header{plain("a"), linked("a", "b")}, "it is there twice"},
		"folder to link":  {[]tar.Header{plain("a/b"), linked("a", "b")}, "it is there twice"},
		"second name":     {[]tar.Header{{Name: "a", Typeflag: tar.TypeLink, Linkname: "/etc/passwd"}}, "is no file before it"},
		"second of link":  {[]tar.Header{linked("b", "c"), {Name: "a", Typeflag: tar.TypeLink, Linkname: "b"}}, "is no file before it"},
		"virtualenv":      {[]tar.Header{plain("wsgi.py"), plain("venv/bin/python")}, "this is where the virtualenv of the release goes"},
		"only virtualenv": {[]tar.Header{plain("pyvenv.cfg")}, "it is a virtualenv"},
		"line":            {[]tar.Header{plain("a\nb")}, "no file of a release has such a name"},
	} {
		for _, compressed := range []bool{false, true} {
			path := filepath.Join(t.TempDir(), "a.tar")
			var text bytes.Buffer
			var out io.Writer = &text
			if compressed {
				out = gzip.NewWriter(&text)
			}
			archive := tar.NewWriter(out)
			for _, header := range test.headers {
				header.Format = tar.FormatGNU
				if err := archive.WriteHeader(&header); err != nil {
					t.Fatal(err)
				}
			}
			archive.Close()
			if closer, is := out.(io.Closer); is {
				closer.Close()
			}
			os.WriteFile(path, text.Bytes(), 0o600)
			source, err := OpenSource(path)
			if err != nil {
				t.Fatal(err)
			}
			if found, err := release(t, source); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: %v, %v", name, found, err)
			}
		}
	}
}

// TestBombIsRefused has an archive that is larger unpacked than any application.
func TestBombIsRefused(t *testing.T) {
	t.Parallel()
	look := newRules()
	if err := look.accept(entry{name: "a", size: mostBytes}); err != nil {
		t.Error(err)
	}
	if err := look.accept(entry{name: "b", size: 1}); err == nil || !strings.Contains(err.Error(), "more than 4 GiB") {
		t.Error(err)
	}
	look = newRules()
	for i := range mostEntries {
		look.kinds[strconv.Itoa(i)] = file
	}
	if err := look.accept(entry{name: "last"}); err == nil || !strings.Contains(err.Error(), "more than 200000 files") {
		t.Error(err)
	}
	bomb := &bounded{from: zeros{}, left: 10}
	if _, err := io.Copy(io.Discard, bomb); err == nil || !strings.Contains(err.Error(), "unpacked it has more than") {
		t.Error(err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestFolderWithWhatIsNoCode refuses what a folder may hold and a release may not, and what
// root would read for somebody who may not.
func TestFolderWithWhatIsNoCode(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	for want, make := range map[string]func(dir string) error{
		"leads out": func(dir string) error { return os.Symlink("/etc/shadow", dir+"/shadow") },
		"a FIFO":    func(dir string) error { return syscall.Mkfifo(dir+"/pipe", 0o600) },
		"it has a second name, and belongs to another account": func(dir string) error {
			secret := filepath.Join(filepath.Dir(dir), "secret")
			if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
				return err
			}
			return errors.Join(os.Chown(dir, 5, 5), os.Link(secret, dir+"/mine"))
		},
	} {
		dir := filepath.Join(t.TempDir(), "code")
		if err := errors.Join(os.Mkdir(dir, 0o755), os.WriteFile(dir+"/wsgi.py", nil, 0o644), make(dir)); err != nil {
			t.Fatal(err)
		}
		source, err := OpenSource(dir)
		if err != nil {
			t.Fatal(err)
		}
		if found, err := release(t, source); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v", want, found, err)
		}
	}
}
