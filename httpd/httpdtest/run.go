package httpdtest

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
)

// Ask writes conf, after the minimal configuration that every server gets, to
// httpd.conf in the server's folder and runs "httpd -t" on it with further
// arguments. It gives the file, what httpd printed, and what it reported; the
// error is that httpd refused the configuration.
func (s *Server) Ask(configuration string, args ...string) (file, printed, reported string, err error) {
	s.t.Helper()
	file = s.Write("httpd.conf", s.Base()+configuration)
	environment := map[string]string{"PATH": os.Getenv("PATH"), "HOME": os.Getenv("HOME")}
	for _, variable := range s.Env {
		name, value, _ := strings.Cut(variable, "=")
		environment[name] = value
	}
	printed, reported, err = s.Run(file, environment, args...)
	return file, printed, reported, err
}

// Run runs "httpd -t" on a file that is there, with that environment and
// further arguments.
func (s *Server) Run(file string, environment map[string]string, args ...string) (printed, reported string, err error) {
	command := exec.Command(s.program.path, append([]string{"-t", "-f", file}, args...)...)
	for name, value := range environment {
		command.Env = append(command.Env, name+"="+value)
	}
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err = command.Run()
	return stdout.String(), stderr.String(), err
}

// Version is the release of the server: "2.4.68".
func (s *Server) Version() string { return s.program.version }

// BuiltIn are the source files of the modules that are compiled into the
// server, as "httpd -l" prints them.
func (s *Server) BuiltIn() []string {
	var files []string
	for _, word := range s.program.builtIn {
		if strings.HasSuffix(word, ".c") {
			files = append(files, word)
		}
	}
	return files
}
