package httpdtest

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"testing"
)

// An Asked is what a server answered to one request.
type Asked struct {
	Status int
	Seen   string // the body, where it has the type text/x-seen
	Log    string // what was logged meanwhile
}

// What a configuration for AskInside has as PidFile, and where its logs are.
const (
	InsidePID  = "/run/httpd.pid"
	InsideLogs = "/var/log/apache2"
)

//go:embed ask_inside.py
var askInside string

// AskInside starts the httpd among the files of root, laid over the machine's
// own, with a configuration file there, and asks it for the URLs one after
// another: each on its own port and with its own name, both inside. The error
// tells why httpd did not start. [CanIsolate] tells whether that can be had.
func AskInside(t testing.TB, root, config string, urls []string) ([]Asked, error) {
	t.Helper()
	arguments := []string{Python, "-c", askInside, Program(t), config, InsidePID, InsideLogs + "/*"}
	command := Inside(t, root, append(arguments, urls...)...)
	command.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C"}
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("ask httpd inside %s: %w\n%s", root, err, stderr.Bytes())
	}
	var answers []Asked
	if err := json.Unmarshal(stdout.Bytes(), &answers); err != nil {
		return nil, fmt.Errorf("read the answers of httpd inside %s: %w\n%s", root, err, stdout.Bytes())
	}
	return answers, nil
}
