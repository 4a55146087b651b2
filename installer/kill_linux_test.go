package installer

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/wsgictl/wsgictl/trusttest"
)

// TestKilledPlacingIntoAVolumeIsTakenAwayAsAWhole is about a package that cannot be
// renamed, so that its files are, one by one.
func TestKilledPlacingIntoAVolumeIsTakenAwayAsAWhole(t *testing.T) {
	if told := os.Getenv(doing); told != "" {
		doAsTold(t, told)
		return
	}
	t.Parallel()
	venv := emptyVenv(t)
	trusttest.Mount(t, "tmpfs", filepath.Join(venv.SitePackages, "mod_wsgi"), 0, "")
	killPlacings(t, venv)
}
