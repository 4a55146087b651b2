package express

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
)

//go:embed django/facts.py
var djangoFacts string

var settingsModule = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`DJANGO_SETTINGS_MODULE["']\s*(?:,|\]\s*=)\s*["']([\w.]+)["']`)
})

// findDjango takes the project of a manage.py. Python reads its settings, as
// the account that will run them.
func findDjango(ctx context.Context, place workplace, dir string) (*Found, error) {
	text, err := trust.ReadFile(filepath.Join(dir, "manage.py"), settingsSize)
	if err != nil || !bytes.Contains(bytes.ToLower(text), []byte("django")) {
		return nil, nil // none, or another program's
	}
	module := place.who.env("DJANGO_SETTINGS_MODULE")
	asked := module != ""
	if m := settingsModule().FindStringSubmatch(string(text)); !asked && m != nil {
		module = m[1]
	}
	if module == "" {
		return nil, fmt.Errorf("%s does not say which settings it uses; set DJANGO_SETTINGS_MODULE", filepath.Join(dir, "manage.py"))
	}
	var differ notes
	facts, err := askDjango(ctx, place, dir, module)
	if other := facts.Settings; err == nil && !asked && other != "" && other != module {
		differ = note("The application uses the settings %s, manage.py %s. To decide it for both, set DJANGO_SETTINGS_MODULE.", other, module)
		module = other
		if facts, err = askDjango(ctx, place, dir, module); err != nil {
			err = fmt.Errorf("the WSGI application falls back to other settings than manage.py: %w", err)
		}
	}
	if err != nil {
		return nil, err
	}
	found, err := facts.found(place, dir, module)
	if found != nil {
		found.Notes = append(differ, found.Notes...)
	}
	return found, err
}

// findDjangoInSrc takes a project whose manage.py lies in the folder src.
func findDjangoInSrc(ctx context.Context, place workplace, dir string) (*Found, error) {
	dir = filepath.Join(dir, "src")
	found, err := findDjango(ctx, place, dir)
	if found != nil {
		found.Path = dir
	}
	return found, err
}

// djangoSettings are what django/facts.py prints.
type djangoSettings struct {
	Application string `json:"application"`
	ASGI        string `json:"asgi"`     // ASGI_APPLICATION
	Settings    string `json:"settings"` // that the module of the application falls back to; may be empty
	StaticURL   string `json:"static_url"`
	StaticRoot  string `json:"static_root"`
	WhiteNoise  bool   `json:"whitenoise"`
}

// askDjango has Python read the settings.
func askDjango(ctx context.Context, place workplace, dir, module string) (djangoSettings, error) {
	var facts djangoSettings
	words := append([]string{"-c", djangoFacts}, place.paths...)
	if err := place.ask(ctx, dir, []string{"DJANGO_SETTINGS_MODULE=" + module}, &facts, words...); err != nil {
		return facts, fmt.Errorf("read the settings %s of the Django project in %s: %w\n%s", module, dir, err, place.djangoAdvice(dir, err))
	}
	return facts, nil
}

// djangoAdvice is what to do where the settings cannot be read.
func (w workplace) djangoAdvice(dir string, err error) string {
	var notStarted *notStarted
	if errors.As(err, &notStarted) {
		return "Name the entry point, such as --application-type module PROJECT.wsgi"
	}
	if strings.Contains(err.Error(), "No module named 'django'") {
		return "Name the virtualenv with Django in it (--venv DIR), or install Django into " + w.python.home
	}
	advice := fmt.Sprintf("Settings are read as the server will: by user %s, with the variables of this shell", w.who.account.user)
	if w.who.isRoot() {
		if who, foreign, _ := w.reader(dir); foreign {
			advice = fmt.Sprintf("Settings of others are read as their owner, %s, without the variables of this shell", who)
		}
	}
	advice += ". Fix what the line above says"
	if w.who.Verb == "setup-server" {
		advice += "; variables that are needed belong in the server root's envvars too"
	}
	return advice + ", or name the entry point"
}

func (s djangoSettings) found(place workplace, dir, module string) (*Found, error) {
	var chosen notes
	application := s.Application
	if application == "" {
		wsgi := wsgiModule(dir, module)
		if wsgi == "" {
			return nil, s.noApplication(place.who.Verb, dir, module)
		}
		application = wsgi + ".application"
		chosen = note("The settings %s name no WSGI_APPLICATION; serving %s, which is there.", module, wsgi)
	}
	dot := strings.LastIndexByte(application, '.')
	if dot < 0 {
		return nil, fmt.Errorf("the Django settings %s have WSGI_APPLICATION = %q: want a module and its callable, such as project.wsgi.application", module, application)
	}
	found := &Found{What: "a Django project", Type: "module", Entry: application[:dot] + ":" + application[dot+1:], Notes: chosen}
	s.mapStatic(found, place.dir)
	return found, nil
}

// wsgiModule is the module of a project whose settings do not name it, beside
// the settings or beside manage.py; empty for none.
func wsgiModule(dir, settings string) string {
	for {
		dot := strings.LastIndexByte(settings, '.')
		name := settings[:dot+1] + "wsgi"
		if exists(filepath.Join(dir, strings.ReplaceAll(name, ".", "/")+".py")) {
			return name
		}
		if dot < 0 {
			return ""
		}
		settings = settings[:dot]
	}
}

// noApplication says what to do where a project has no module for WSGI.
func (s djangoSettings) noApplication(verb, dir, module string) error {
	asgi := ""
	if s.ASGI != "" {
		asgi = "; mod_wsgi cannot run " + s.ASGI + ", which is for ASGI"
	}
	return fmt.Errorf("the Django settings %s name no WSGI_APPLICATION, and there is no wsgi.py%s; write wsgi.py beside manage.py in %s, and run wsgictl %s again:\n"+
		"  import os\n  from django.core.wsgi import get_wsgi_application\n"+
		"  os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", %q)\n  application = get_wsgi_application()", module, asgi, dir, verb, module)
}

// mapStatic lets Apache serve the collected static files, unless the
// application does it itself. A URL without a slash before it is below the mount
// point (LazySettings._add_script_prefix in django/conf/__init__.py).
func (s djangoSettings) mapStatic(found *Found, dir string) {
	switch {
	case s.WhiteNoise, strings.Trim(s.StaticURL, "/") == "", strings.Contains(s.StaticURL, "//"): // a URL of another host
	case s.StaticRoot == "":
		found.Notes = append(found.Notes, "STATIC_ROOT is not set: static files are not served. Set it, and run: python manage.py collectstatic")
	default:
		root := s.StaticRoot
		if !filepath.IsAbs(root) {
			root = filepath.Join(dir, root)
		}
		found.Aliases = []templates.Alias{{URL: path.Clean(s.StaticURL), Path: root}}
		if entries, err := os.ReadDir(root); err != nil || len(entries) == 0 {
			found.Notes = append(found.Notes, fmt.Sprintf("%s has no static files yet: run: python manage.py collectstatic", root))
		}
	}
}
