//go:build linux

package express_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// A framework is a real one, and the least application of it.
type framework struct {
	name  string
	files map[string]string
	path  string
	want  string // in the answer
	found string // in the notes
}

var frameworks = []framework{
	{"Flask", map[string]string{"app.py": `import flask

def create_app():
    app = flask.Flask(__name__)
    app.add_url_rule("/hello/<name>", view_func=lambda name: "Flask greets " + name, endpoint="hello")
    return app
`}, "/hello/ada", "Flask greets ada", "a Flask application"},
	{"Bottle", map[string]string{"app.py": `import bottle

app = bottle.Bottle()

@app.route("/hello/<name>")
def hello(name):
    return "Bottle greets " + name
`}, "/hello/ada", "Bottle greets ada", "a Bottle application"},
	{"Falcon", map[string]string{"main.py": `import falcon

class Hello:
    def on_get(self, request, response, name):
        response.text = "Falcon greets " + name

app = falcon.App()
app.add_route("/hello/{name}", Hello())
`}, "/hello/ada", "Falcon greets ada", "a Falcon application"},
	{"Pyramid", map[string]string{"development.ini": "[app:main]\nuse = call:shop:main\ngreeting = Pyramid greets\n", "shop.py": `from pyramid.config import Configurator
from pyramid.response import Response

def main(global_config, **settings):
    config = Configurator(settings=settings)
    config.add_route("hello", "/hello/{name}")
    config.add_view(lambda request: Response(settings["greeting"] + " " + request.matchdict["name"]), route_name="hello")
    return config.make_wsgi_app()
`}, "/hello/ada", "Pyramid greets ada", "a Paste application"},
	{"Django", djangoFiles, "/hello/ada", "Django greets ada", "a Django project"},
	{"Django's static files", djangoFiles, "/static/admin/css/base.css", "color", "a Django project"},
}

// djangoFiles are a project of the shape that startproject makes.
var djangoFiles = map[string]string{
	"manage.py": `import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mine.settings")

if __name__ == "__main__":
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
`,
	"mine/__init__.py": "",
	"mine/settings.py": `from pathlib import Path
BASE_DIR = Path(__file__).parent.parent
SECRET_KEY = "no secret"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "mine.urls"
WSGI_APPLICATION = "mine.wsgi.application"
INSTALLED_APPS = ["django.contrib.staticfiles", "wsgictl_django"]
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "collected"
`,
	"mine/urls.py": `from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("hello/<name>", lambda request, name: HttpResponse("Django greets " + name))]
`,
	"mine/wsgi.py": `import os
from django.core.wsgi import get_wsgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mine.settings")
application = get_wsgi_application()
`,
	"collected/admin/css/base.css": "body { color: black }\n",
}

// readablePackages gives a folder with the real frameworks that the account of
// the application can read, which the cache of whoever runs the tests is not.
func readablePackages(t *testing.T) string {
	t.Helper()
	cached := httpdtest.Packages(t, "flask", "bottle", "falcon", "pyramid", "pastedeploy", "django", "starlette")
	folder, err := os.MkdirTemp("", "wx")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(folder, os.DirFS(cached)); err != nil {
		t.Fatal(err)
	}
	return folder
}

// newFramework is newApplication with these packages and only the files named.
func newFramework(t *testing.T, packages string, files map[string]string) (*application, detect.Virtualenv) {
	t.Helper()
	a := newApplication(t, "6.1.1")
	venv, err := detect.ReadVirtualenv(a.Venv)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(venv.SitePackages, "frameworks.pth"), []byte(packages+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := express.PlaceDjangoApp(t.Context(), venv, "1.0"); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(a.Dir); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		a.write(t, name, content)
	}
	return a, venv
}

func TestServesRealFrameworks(t *testing.T) {
	t.Parallel()
	packages := readablePackages(t)
	for _, f := range frameworks {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			a, _ := newFramework(t, packages, f.files)
			r := a.serve(t)
			r.wants(r.get(f.path), 200, f.want)
			if notes := strings.Join(r.Setup.Notes, "\n"); !strings.Contains(notes, f.found) {
				t.Errorf("want %q in the notes:\n%s", f.found, notes)
			}
		})
	}
	t.Run("an ASGI application", func(t *testing.T) {
		t.Parallel()
		refusesASGI(t, packages)
	})
	t.Run("manage.py runwsgictl", func(t *testing.T) {
		t.Parallel()
		startsFromManage(t, packages)
	})
}

// refusesASGI when it is loaded, where the text of the module told nothing.
func refusesASGI(t *testing.T, packages string) {
	t.Helper()
	a, _ := newFramework(t, packages, map[string]string{"web.py": `import starlette.applications

def application_of(kind):
    return kind()

application = application_of(starlette.applications.Starlette)
`})
	r := a.serve(t)
	r.wants(r.get("/"), 500, "")
	if !strings.Contains(r.log(), "is an ASGI application, which mod_wsgi cannot run") {
		t.Errorf("the log does not tell why:\n%s", r.log())
	}
}

// startsFromManage starts the server with Django's own command line.
func startsFromManage(t *testing.T, packages string) {
	t.Helper()
	a, venv := newFramework(t, packages, djangoFiles)
	r := a.prepare(t) // for the port
	if err := os.RemoveAll(r.Root); err != nil {
		t.Fatal(err)
	}
	wsgictl := a.write(t, "bin/wsgictl", "#!/bin/sh\nshift\nEXPRESS_TEST_VERB=start-server exec '"+os.Args[0]+"' \"$@\"\n")
	if err := os.Chmod(wsgictl, 0o755); err != nil {
		t.Fatal(err)
	}
	words := append([]string{"manage.py", "runwsgictl", "--server-root", a.Root, "--host", "127.0.0.1", "--port", strconv.Itoa(r.Port)}, a.account()...)
	r.process = exec.Command(venv.Python(), words...)
	r.process.Env = append(os.Environ(), "PATH="+filepath.Dir(wsgictl)+":"+os.Getenv("PATH"))
	r.process.Dir = a.Dir
	r.process.Stdout, r.process.Stderr = &r.output, &r.output
	r.run()
	r.wants(r.get("/hello/ada"), 200, "Django greets ada")
}
