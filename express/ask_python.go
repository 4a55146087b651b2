package express

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// askPython runs a program of ours with the application's Python, as the
// account of the application, and reads the JSON in the last line that it
// prints; what is imported may print too. An error holds what Python said.
func (p *planner) askPython(ctx context.Context, dir string, env []string, answer any, words ...string) error {
	if err := p.checkPythonReadable(); err != nil {
		return err
	}
	command := exec.CommandContext(ctx, p.software.python, words...)
	command.Dir = dir
	command.Env = append(os.Environ(), env...)
	if p.caller.UID == 0 && os.Getuid() == 0 {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: p.account.credential()}
	}
	var output, messages bytes.Buffer
	command.Stdout, command.Stderr = &output, &messages
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s: %w\n%s", p.software.python, err, strings.TrimSpace(messages.String()))
	}
	text := bytes.TrimRight(output.Bytes(), "\n")
	if err := json.Unmarshal(text[bytes.LastIndexByte(text, '\n')+1:], answer); err != nil {
		return fmt.Errorf("%s: the answer is no JSON: %w", p.software.python, err)
	}
	return nil
}
