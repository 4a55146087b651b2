package express_test

import (
	"os"
	"strings"
	"testing"
)

// djangoStandIn is what django/facts.py needs of Django: settings that are
// imported from the module of that name. The real one is not on each machine.
const djangoStandIn = `import importlib, os
settings = importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"])
`

const manage = `#!/usr/bin/env python
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.settings_of_mine")
`

func TestFindsApplications(t *testing.T) {
	t.Parallel()
	plain := "def application(environ, start_response):\n    start_response('200 OK', [])\n    return [b'x']\n"
	django := func(settings string) map[string]string {
		return map[string]string{
			"manage.py": strings.ReplaceAll(manage, "site.", "mine."), "mine/__init__.py": "", "mine/settings_of_mine.py": settings,
			"django/__init__.py": "", "django/conf.py": djangoStandIn,
		}
	}
	for _, test := range []struct {
		name  string
		files map[string]string
		want  string // in handler.wsgi
		note  string
		err   string
	}{
		{name: "nothing", want: "default.wsgi", note: "Found no application"},
		{name: "one script", files: map[string]string{"any.wsgi": plain}, want: "/any.wsgi", note: "Found a WSGI script"},
		{name: "two scripts", files: map[string]string{"a.wsgi": plain, "b.wsgi": plain}, err: "several WSGI scripts: name one of a.wsgi, b.wsgi"},
		{name: "wsgi.py", files: map[string]string{"wsgi.py": plain}, want: `loader.load("module", "wsgi:application"`},
		{name: "Flask's object", files: map[string]string{"app.py": "from flask import Flask\napp = Flask(__name__)\n"}, want: `"app:app"`, note: "a Flask application"},
		{name: "Flask's factory", files: map[string]string{"shop/__init__.py": "import flask\ndef create_app(config=None):\n    pass\n"}, want: `"shop:create_app()"`},
		{name: "Falcon", files: map[string]string{"main.py": "import falcon\napi: object = falcon.App()\n"}, want: `"main:api"`, note: "a Falcon application"},
		{name: "no application in app.py", files: map[string]string{"app.py": "if app == 1:\n    pass\n"}, want: "default.wsgi"},
		{name: "Pyramid", files: map[string]string{"development.ini": "[app:main]\nuse = egg:x\n"}, want: `loader.load("paste", "`, note: "Pyramid"},
		{name: "an ASGI application", files: map[string]string{"main.py": "from fastapi import FastAPI\napp = FastAPI()\n"}, err: "an ASGI application, which mod_wsgi cannot run"},
		{name: "Django", files: django("WSGI_APPLICATION = 'mine.wsgi.application'\nSTATIC_URL = 'static/'\nSTATIC_ROOT = 'collected'\nMIDDLEWARE = []\n"),
			want: `"mine.wsgi:application"`, note: "python manage.py collectstatic"},
		{name: "Django with WhiteNoise", files: django("WSGI_APPLICATION = 'mine.wsgi.application'\nSTATIC_URL = '/s/'\nSTATIC_ROOT = ''\nMIDDLEWARE = ['whitenoise.middleware.WhiteNoiseMiddleware']\n"),
			want: `"mine.wsgi:application"`, note: "Found a Django project"},
		{name: "Django without an application", files: django("WSGI_APPLICATION = None\nSTATIC_URL = None\nSTATIC_ROOT = None\nMIDDLEWARE = []\n"), err: "name no WSGI_APPLICATION"},
		{name: "broken Django settings", files: django("raise RuntimeError('no secret')\n"), err: "no secret"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := newApplication(t, "6.1.1")
			if err := os.RemoveAll(a.Dir); err != nil {
				t.Fatal(err)
			}
			a.write(t, "unrelated.txt", "")
			for name, content := range test.files {
				a.write(t, name, content)
			}
			setup, err := a.try(nil)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("error %v, want %q in it", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if handler := text(setup, "handler.wsgi"); !strings.Contains(handler, test.want) {
				t.Errorf("want %q in handler.wsgi:\n%s", test.want, handler)
			}
			if notes := strings.Join(setup.Notes, "\n"); !strings.Contains(notes, test.note) {
				t.Errorf("want %q in the notes:\n%s", test.note, notes)
			}
			served := strings.Contains(text(setup, "httpd.conf"), "Alias /static "+a.Dir+"/collected")
			if want := test.name == "Django"; served != want {
				t.Errorf("static files served: %v, want %v", served, want)
			}
		})
	}
}
