package detect

import (
	"os"
	"path/filepath"
	"testing"
)

func TestUnitHidesWhatSystemdHides(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, text := range map[string]string{
		"run/systemd/system/.keep":                          "",
		"lib/systemd/system/apache2.service":                "[Service]\nPrivateTmp=true\nProtectHome=read-only\n",
		"etc/systemd/system/apache2.service.d/tighter.conf": "[Service]\nProtectHome = yes\n",
	} {
		path := filepath.Join(root, name)
		os.MkdirAll(filepath.Dir(path), 0o755)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	u := treeAt(root).unit()
	for path, want := range map[string]bool{"/tmp/app/wsgi.py": true, "/home/anna/venv": true, "/srv/app/wsgi.py": false, "/tmpfs/x": false} {
		if _, hidden := u.hides(ReadPath{Path: path}); hidden != want {
			t.Errorf("%s: hidden %v, want %v", path, hidden, want)
		}
	}
	if _, hidden := treeAt(t.TempDir()).unit().hides(ReadPath{Path: "/tmp/x"}); hidden {
		t.Error("without systemd nothing is hidden")
	}
}
