package express

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
)

//go:embed django/facts.py
var djangoFacts string

var settingsModule = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`DJANGO_SETTINGS_MODULE["']\s*,\s*["']([\w.]+)["']`) })

// findDjango takes the project of a manage.py. Python reads its settings, as
// the account that will run them.
func findDjango(ctx context.Context, p *planner, dir string) (*Found, error) {
	text, err := os.ReadFile(filepath.Join(dir, "manage.py"))
	if err != nil {
		return nil, nil
	}
	module := p.caller.env("DJANGO_SETTINGS_MODULE")
	if m := settingsModule().FindStringSubmatch(string(text)); module == "" && m != nil {
		module = m[1]
	}
	if module == "" {
		return nil, nil // another program's manage.py
	}
	facts, err := p.djangoFacts(ctx, dir, module)
	if err != nil {
		return nil, err
	}
	return facts.found(p, dir, module)
}

// djangoSettings are what django/facts.py prints.
type djangoSettings struct {
	Application string `json:"application"`
	StaticURL   string `json:"static_url"`
	StaticRoot  string `json:"static_root"`
	WhiteNoise  bool   `json:"whitenoise"`
}

func (p *planner) djangoFacts(ctx context.Context, dir, module string) (djangoSettings, error) {
	command := exec.CommandContext(ctx, p.software.python, "-c", djangoFacts)
	command.Dir = dir
	command.Env = append(os.Environ(), "DJANGO_SETTINGS_MODULE="+module)
	if p.caller.UID == 0 && os.Getuid() == 0 {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: p.account.credential()}
	}
	var output, messages bytes.Buffer
	command.Stdout, command.Stderr = &output, &messages
	var facts djangoSettings
	if err := command.Run(); err != nil {
		return facts, fmt.Errorf("read the settings %s of the Django project in %s with %s: %w\n%s\n"+
			"Name the virtualenv with Django in it (--venv DIR), or the entry point",
			module, dir, p.software.python, err, strings.TrimSpace(messages.String()))
	}
	text := output.Bytes() // settings may print too; the facts come last
	if err := json.Unmarshal(text[bytes.LastIndexByte(text, '\n')+1:], &facts); err != nil {
		return facts, fmt.Errorf("read the settings %s: %w", module, err)
	}
	return facts, nil
}

func (s djangoSettings) found(p *planner, dir, module string) (*Found, error) {
	dot := strings.LastIndexByte(s.Application, '.')
	if dot < 0 {
		return nil, fmt.Errorf("the Django settings %s name no WSGI_APPLICATION; name the entry point, such as\n  wsgictl %s --application-type module project.wsgi",
			module, p.caller.Verb)
	}
	found := &Found{What: "a Django project", Type: "module", Entry: s.Application[:dot] + ":" + s.Application[dot+1:]}
	s.mapStatic(found, dir)
	return found, nil
}

// mapStatic lets Apache serve the collected static files, unless the
// application does it itself.
func (s djangoSettings) mapStatic(found *Found, dir string) {
	switch url := "/" + strings.Trim(s.StaticURL, "/"); {
	case s.WhiteNoise, url == "/", strings.Contains(s.StaticURL, "//"): // a URL of another host
	case s.StaticRoot == "":
		found.Notes = append(found.Notes, "STATIC_ROOT is not set: static files are not served. Set it, and run: python manage.py collectstatic")
	default:
		root := s.StaticRoot
		if !filepath.IsAbs(root) {
			root = filepath.Join(dir, root)
		}
		found.Aliases = [][2]string{{url, root}}
		if entries, err := os.ReadDir(root); err != nil || len(entries) == 0 {
			found.Notes = append(found.Notes, fmt.Sprintf("%s has no static files yet: run: python manage.py collectstatic", root))
		}
	}
}
