package httpdtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Check asks the real httpd whether it accepts configuration after the minimal
// configuration that every server gets. The error holds what httpd said.
func Check(configuration string) error {
	p, err := findProgram()
	if err != nil {
		return err
	}
	root, err := os.MkdirTemp("", "httpdtest")
	if err != nil {
		return err
	}
	defer os.RemoveAll(root)
	s := Server{Root: root, Port: 8000, program: p}
	file := filepath.Join(root, "httpd.conf")
	if err := os.WriteFile(file, []byte(s.Base()+configuration), 0o600); err != nil {
		return err
	}
	command := exec.Command(p.path, "-t", "-f", file)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("httpd -t: %w\n%s", err, output)
	}
	return nil
}
