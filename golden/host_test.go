package golden

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rogpeppe/go-internal/txtar"
)

// layHost is the command "host [NAME]": it lays the files of the recorded host
// hosts/NAME.txtar below the folder host, beside those that the case itself
// brings, and makes every script there executable. The case stands where both
// have a file.
func layHost(script *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) > 1 {
		script.Fatalf("usage: host [NAME]")
	}
	root := script.MkAbs("host")
	if len(args) == 1 {
		archive, err := txtar.ParseFile(filepath.Join(hostsFolder, args[0]+".txtar"))
		script.Check(err)
		for _, file := range archive.Files {
			layFile(script, filepath.Join(root, file.Name), file.Data)
		}
	}
	script.Check(filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if err == nil && bytes.HasPrefix(content, []byte("#!")) {
			err = os.Chmod(path, 0o755)
		}
		return err
	}))
}

func layFile(script *testscript.TestScript, path string, content []byte) {
	if _, err := os.Lstat(path); err == nil {
		return
	}
	script.Check(os.MkdirAll(filepath.Dir(path), 0o755))
	script.Check(os.WriteFile(path, content, 0o644))
}
