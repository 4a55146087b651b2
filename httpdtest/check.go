package httpdtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Check asks the real httpd whether it accepts conf after the minimal
// configuration that every server gets. The error holds what httpd said.
func Check(conf string) error {
	_, err := ask(conf)
	return err
}

// Dump gives what "httpd -t -D DUMP_CONFIG" prints for conf after the minimal
// configuration: the directives as httpd read them.
func Dump(conf string) (string, error) {
	return ask(conf, "-D", "DUMP_CONFIG")
}

func ask(conf string, args ...string) (string, error) {
	p, err := findProgram()
	if err != nil {
		return "", err
	}
	root, err := os.MkdirTemp("", "httpdtest")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(root)
	s := Server{Root: root, Port: 8000, program: p}
	file := filepath.Join(root, "httpd.conf")
	if err := os.WriteFile(file, []byte(s.Base()+conf), 0o600); err != nil {
		return "", err
	}
	command := exec.Command(p.path, append([]string{"-t", "-f", file}, args...)...)
	output, err := command.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("httpd -t: %w\n%s", err, output)
	}
	return string(output), nil
}
