package express

import (
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/trust"
)

// flaskApp is what FLASK_APP names: of the environment, else of the files that
// the flask command reads, .env before .flaskenv. Of these nothing else is
// taken: they are for that command.
func (p *planner) flaskApp(dir string) string {
	if value := p.caller.env("FLASK_APP"); value != "" {
		return value
	}
	for _, name := range []string{".env", ".flaskenv"} {
		text, err := trust.ReadFile(filepath.Join(dir, name), settingsSize)
		if err != nil {
			continue
		}
		if value := valueIn(string(text), "FLASK_APP"); value != "" {
			return value
		}
	}
	return ""
}

// valueIn reads one of the lines NAME=VALUE of a file such as python-dotenv
// takes: with "export" before, in quotes, and a comment behind.
func valueIn(text, wanted string) string {
	found := ""
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
		if strings.TrimSpace(name) != wanted {
			continue
		}
		value = strings.TrimSpace(value)
		if quote := strings.IndexAny(value, `'"`); quote == 0 {
			value, _, _ = strings.Cut(value[1:], value[:1])
		} else {
			value, _, _ = strings.Cut(value, " #")
		}
		found = strings.TrimSpace(value) // the last wins
	}
	return found
}
