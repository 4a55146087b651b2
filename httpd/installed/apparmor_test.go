package installed

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/wsgictl/wsgictl/hostfiles"
)

func TestAppArmorModeOfAProgram(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	file := filepath.Join(root, profilesFile)
	os.MkdirAll(filepath.Dir(file), 0o755)
	if err := os.WriteFile(file, []byte("/usr/sbin/apache2 (enforce)\n/usr/sbin/apache2//phpsysinfo (complain)\nhttpd (complain)\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for program, want := range map[string]string{"/usr/sbin/apache2": "enforce", "/usr/sbin/httpd": "complain", "/usr/bin/python3": ""} {
		if got := appArmor(hostfiles.Root(root), program); got != want {
			t.Errorf("%s: %q, want %q", program, got, want)
		}
	}
}
