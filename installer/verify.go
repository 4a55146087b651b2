package installer

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/verbose"
)

// verifyLimit is far above what a configuration check takes.
const verifyLimit = time.Minute

// Verify lets the httpd itself load a module, and the mod_wsgictl beside it unless
// that is empty, in a configuration check ("-t") of a folder, root, that the caller
// alone can change: nothing is read of it but what loading needs.
func Verify(ctx context.Context, apache *detect.Apache, module, beside, root string) error {
	text, err := verifyConfig(apache, root, module, beside)
	if err != nil {
		return err
	}
	config := filepath.Join(root, "httpd.conf")
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, verifyLimit)
	defer cancel()
	command := exec.CommandContext(ctx, apache.Path, "-t", "-d", root, "-f", config)
	command.Env = toolEnvironment()
	trust.EndWhole(command)
	out, err := verbose.CombinedOutput(ctx, command)
	switch folder := filepath.Dir(module); {
	case err != nil && detect.NoExec(folder):
		return fmt.Errorf("%s is on a file system that is mounted noexec, from which no program loads anything: "+
			"mount it without (mount -o remount,exec), or have Apache load a copy from elsewhere (--modules-directory)", folder)
	case err != nil:
		return fmt.Errorf("%s does not load the module: %w\n%s", apache.Path, trust.HowEnded(ctx, err), strings.TrimSpace(string(out)))
	}
	return nil
}

// verifyConfig is the least that an httpd of 2.4 checks without complaint: an
// MPM, and the modules.
func verifyConfig(apache *detect.Apache, root, module, beside string) (string, error) {
	mpm := ""
	if !apache.MPMBuiltIn && len(apache.MPMs) > 0 {
		mpm = apache.MPMs[0]
		if slices.Contains(apache.MPMs, apache.MPM) {
			mpm = apache.MPM
		}
	}
	var text strings.Builder
	text.WriteString("ServerName localhost\nListen 127.0.0.1:1\n")
	for _, line := range []struct{ directive, path string }{
		{"ServerRoot", root},
		{"PidFile", filepath.Join(root, "httpd.pid")},
		{"ErrorLog", filepath.Join(root, "error.log")},
		{"LoadModule mpm_" + mpm + "_module", filepath.Join(apache.ModulesDir, "mod_mpm_"+mpm+".so")},
		{"LoadModule wsgi_module", module},
		{"LoadModule wsgictl_module", beside},
	} {
		if mpm == "" && strings.HasPrefix(line.directive, "LoadModule mpm_") || line.path == "" {
			continue
		}
		quoted, err := conf.Quote(line.path)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&text, "%s %s\n", line.directive, quoted)
	}
	return text.String(), nil
}
