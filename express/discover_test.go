package express_test

import (
	"maps"
	"os"
	"path/filepath"
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

// with adds files to others.
func with(files, more map[string]string) map[string]string {
	maps.Copy(files, more)
	return files
}

// inFolder moves files below a folder.
func inFolder(folder string, files map[string]string) map[string]string {
	moved := map[string]string{}
	for name, content := range files {
		moved[folder+"/"+name] = content
	}
	return moved
}

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
		name   string
		files  map[string]string
		want   string // in handler.wsgi
		note   string
		err    string
		env    string // NAME=VALUE
		args   string
		static bool // collected static files are served
	}{
		{name: "nothing", want: "default.wsgi", note: "Found no application"},
		{name: "one script", files: map[string]string{"any.wsgi": plain}, want: "/any.wsgi", note: "Found a WSGI script"},
		{name: "two scripts", files: map[string]string{"a.wsgi": plain, "b.wsgi": plain}, err: "several WSGI scripts: name one of a.wsgi, b.wsgi"},
		{name: "wsgi.py", files: map[string]string{"wsgi.py": plain}, want: `loader.load("module", "wsgi:application"`},
		{name: "Flask's object", files: map[string]string{"app.py": "from flask import Flask\napp = Flask(__name__)\n"}, want: `"app:app"`, note: "a Flask application"},
		{name: "Flask's factory", files: map[string]string{"shop/__init__.py": "import flask\ndef create_app(config=None):\n    pass\n"}, want: `"shop:create_app()"`},
		{name: "Falcon", files: map[string]string{"main.py": "import falcon\napi: object = falcon.App()\n"}, want: `"main:api"`, note: "a Falcon application"},
		{name: "no application in app.py", files: map[string]string{"app.py": "if app == 1:\n    pass\n"}, want: "default.wsgi"},
		{name: "wsgi.py that only imports", files: map[string]string{"wsgi.py": "from shop import app\n", "shop.py": "from flask import Flask\napp = Flask(__name__)\n"}, want: `"wsgi:app"`, note: "a Flask application"},
		{name: "wsgi.py with another name", files: map[string]string{"wsgi.py": "from app import app as application\n", "app.py": "import bottle\napp = bottle.Bottle()\n"}, want: `"wsgi:application"`, note: "a Bottle application"},
		{name: "an object made in a branch", files: map[string]string{"app.py": "import bottle\nif __name__ == '__main__':\n    bottle.run()\nelse:\n    app = application = bottle.default_app()\n"}, want: `"app:application"`},
		{name: "a module of a package", files: map[string]string{"hello/__init__.py": "", "hello/server.py": "from flask import Flask\napp = Flask(__name__)\n"}, want: `"hello.server:app"`},
		{name: "a package called test", files: map[string]string{"test/__init__.py": "", "test/wsgi.py": plain}, want: `"test.wsgi:application"`},
		{name: "a name of its own", files: map[string]string{"hello.py": "from flask import Flask\napp = Flask(__name__)\nif __name__ == '__main__':\n    app.run()\n"}, want: `"hello:app"`},
		{name: "FLASK_APP", env: "FLASK_APP=shop.py:web", files: map[string]string{"app.py": plain, "shop.py": "from flask import Flask\nweb = Flask(__name__)\n"}, want: `"shop:web"`},
		{name: "FLASK_APP, a package and its factory", env: "FLASK_APP=shop:make()", files: map[string]string{"shop/__init__.py": "from flask import Flask\ndef make():\n    return Flask(__name__)\n"}, want: `"shop:make()"`},
		{name: "FLASK_APP of .flaskenv", files: map[string]string{".flaskenv": "# for flask run\nFLASK_DEBUG=1\nexport FLASK_APP='shop.py'  # ours\n", "app.py": "from flask import Flask\napp = Flask(__name__)\n", "shop.py": "from flask import Flask\napp = Flask(__name__)\n"}, want: `"shop:app"`},
		{name: "FLASK_APP of .env before .flaskenv", files: map[string]string{".env": "FLASK_APP=shop:web\n", ".flaskenv": "FLASK_APP=app\n", "app.py": plain, "shop.py": "from flask import Flask\nweb = Flask(__name__)\n"}, want: `"shop:web"`},
		{name: "FLASK_APP of the shell before .flaskenv", env: "FLASK_APP=app", files: map[string]string{".flaskenv": "FLASK_APP=shop\n", "app.py": plain, "shop.py": plain}, want: `"app:application"`},
		{name: "FLASK_APP of a module that is not there", files: map[string]string{".flaskenv": "FLASK_APP=missing.py\n", "app.py": "from flask import Flask\napp = Flask(__name__)\n"}, err: "/.flaskenv): there is no such module"},
		{name: "FLASK_APP by its path", env: "FLASK_APP=./web/run.py:srv", files: map[string]string{"web/run.py": "from flask import Flask\nsrv = Flask(__name__)\n"}, want: `"run:srv"`, note: "a Flask application"},
		{name: "FLASK_APP by its path, in a package", env: "FLASK_APP=src/shop/web", files: map[string]string{"src/shop/__init__.py": "", "src/shop/web.py": "from flask import Flask\nweb = Flask(__name__)\n"}, want: `"shop.web:web"`},
		{name: "FLASK_APP of a package by its path", env: "FLASK_APP=src/shop/__init__.py", files: map[string]string{"src/shop/__init__.py": "from flask import Flask\ndef create_app():\n    return Flask(__name__)\n"}, want: `"shop:create_app()"`},
		{name: "FLASK_APP with arguments", env: "FLASK_APP=shop:create_app('a:b', debug=True)", files: map[string]string{"shop.py": "from flask import Flask\ndef create_app(config, debug):\n    return Flask(__name__)\n"}, want: `"shop:create_app('a:b', debug=True)"`},
		{name: "FLASK_APP of a module in which no application is seen", env: "FLASK_APP=shop", files: map[string]string{"shop.py": "from elsewhere import *\n"}, err: "no application is seen in "},
		{name: "FLASK_APP with a name that is not seen", env: "FLASK_APP=shop:web", files: map[string]string{"shop.py": "from elsewhere import *\n"}, want: `"shop:web"`},
		{name: "variables of .flaskenv", files: map[string]string{".flaskenv": "FLASK_APP=shop\nFLASK_DEBUG=1\n#X=1\nexport SHOP_KEY=a=b\n", "shop.py": plain}, want: `"shop:application"`, note: "/.flaskenv sets SHOP_KEY for the flask command alone"},
		{name: "the only application, under another name", files: map[string]string{"web.py": "import flask\nserver = flask.Flask(__name__)\nother = dict()\n"}, want: `"web:server"`},
		{name: "two applications under other names", files: map[string]string{"web.py": "import flask\na = flask.Flask(__name__)\nb = flask.Flask(__name__)\n"}, want: "default.wsgi"},
		{name: "a file that no module can be", files: map[string]string{"my-app.py": "from flask import Flask\napp = Flask(__name__)\n"}, want: `/my-app.py", "app"`},
		{name: "a Django project below, in a package", files: map[string]string{"backend/manage.py": "", "backend/__init__.py": ""}, want: "default.wsgi", note: "/app/backend"},
		{name: "a src layout", files: map[string]string{"pyproject.toml": "", "src/shop/__init__.py": "from flask import Flask\ndef create_app():\n    return Flask(__name__)\n"}, want: `"shop:create_app()"`, note: "a Flask application"},
		{name: "an application below", files: map[string]string{"backend/manage.py": "", "frontend/package.json": ""}, want: "default.wsgi", note: "/app/backend"},
		{name: "a factory with arguments", files: map[string]string{"shop/__init__.py": "from flask import Flask\ndef create_app(config, debug=False):\n    return Flask(__name__)\n"}, err: "needs arguments (config): call it in a file wsgi.py"},
		{name: "a factory that another file calls", files: map[string]string{
			"shop/__init__.py": "from flask import Flask\ndef create_app(config):\n    return Flask(__name__)\n",
			"run.py":           "from shop import create_app\napp = create_app('x')\n"}, want: `"run:app"`, note: "a Flask application"},
		{name: "no application but a command line", files: map[string]string{"main.py": "import typer\napp = typer.Typer()\n", "app.py": "from flask import Blueprint\napp = Blueprint('x', __name__)\n"}, want: "default.wsgi"},
		{name: "a syntax error", files: map[string]string{"app.py": "from flask import Flask\napp = Flask(__name__)\ndef broken(:\n"}, err: "app.py, line 3: "},
		{name: "a server at import", files: map[string]string{"app.py": "from flask import Flask\napp = Flask(__name__)\napp.run()\n"}, err: "app.py, line 3: app.run() starts a server of its own"},
		{name: "an ASGI application under another name", files: map[string]string{"main.py": "from fastapi import FastAPI as F\ndef create():\n    return F()\napp = create()\n"}, err: "app with FastAPI, an ASGI application"},
		{name: "ASGI beside WSGI", files: map[string]string{"main.py": "import fastapi\napp = fastapi.FastAPI()\n", "wsgi.py": "from a2wsgi import ASGIMiddleware\nfrom main import app\napplication = ASGIMiddleware(app)\n"}, want: `"wsgi:application"`},
		{name: "Falcon for ASGI", files: map[string]string{"app.py": "import falcon.asgi\napp = falcon.asgi.App()\n"}, err: "app with Falcon, an ASGI application"},
		{name: "modules that are called as Python's own", files: map[string]string{"ast.py": "1 / 0\n", "json.py": "1 / 0\n", "app.py": plain}, want: `"app:application"`},
		{name: "Tornado", files: map[string]string{"app.py": "import tornado.web\ndef make_app():\n    return tornado.web.Application([])\n"}, err: "make_app() with Tornado, an application for a server of its own"},
		{name: "Tornado behind its adapter", files: map[string]string{"app.py": "import tornado.web, tornado.wsgi\napp = tornado.wsgi.WSGIAdapter(tornado.web.Application([]))\n"}, want: `"app:app"`, note: "a Tornado application"},
		{name: "aiohttp", files: map[string]string{"app.py": "from aiohttp import web\napp = web.Application()\n"}, err: "app with aiohttp, an application for a server of its own"},
		{name: "a class of an ASGI framework's", files: map[string]string{"app.py": "import fastapi\nclass Shop(fastapi.FastAPI):\n    pass\napp = Shop()\n"}, err: "app with FastAPI, an ASGI application"},
		{name: "ASGI in one of two branches", files: map[string]string{"app.py": "import fastapi\ntry:\n    from wrapping import wrapped as app\nexcept ImportError:\n    app = fastapi.FastAPI()\n"}, want: `"app:app"`},
		{name: "three arguments of which one may be left out", files: map[string]string{"app.py": "def application(environ, start_response, extra=None):\n    pass\n"}, want: `"app:application"`},
		{name: "Pyramid", files: map[string]string{"development.ini": "[app:main]\nuse = egg:x\n"}, want: `loader.load("paste", "`, note: "Pyramid"},
		{name: "an ASGI application", files: map[string]string{"main.py": "from fastapi import FastAPI\napp = FastAPI()\n"}, err: "an ASGI application, which mod_wsgi cannot run"},
		{name: "Django", files: django("WSGI_APPLICATION = 'mine.wsgi.application'\nSTATIC_URL = 'static/'\nSTATIC_ROOT = 'collected'\nMIDDLEWARE = []\n"),
			want: `"mine.wsgi:application"`, note: "python manage.py collectstatic", static: true},
		{name: "Django with WhiteNoise", files: django("WSGI_APPLICATION = 'mine.wsgi.application'\nSTATIC_URL = '/s/'\nSTATIC_ROOT = ''\nMIDDLEWARE = ['whitenoise.middleware.WhiteNoiseMiddleware']\n"),
			want: `"mine.wsgi:application"`, note: "Found a Django project"},
		{name: "Django without an application", files: django("WSGI_APPLICATION = None\nSTATIC_URL = None\nSTATIC_ROOT = None\nMIDDLEWARE = []\n"), err: "write wsgi.py beside manage.py"},
		{name: "Django without an application, with its module", files: with(django("WSGI_APPLICATION = None\nSTATIC_URL = '/static/'\nSTATIC_ROOT = 'collected'\nMIDDLEWARE = []\n"), map[string]string{"mine/wsgi.py": plain}),
			want: `"mine.wsgi:application"`, note: "name no WSGI_APPLICATION; serving mine.wsgi", static: true},
		{name: "Django without an application, whose settings are no package", files: map[string]string{
			"manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\nimport django\n", "wsgi.py": plain,
			"settings.py": "WSGI_APPLICATION = None\nSTATIC_URL = STATIC_ROOT = None\nMIDDLEWARE = []\n", "django/__init__.py": "", "django/conf.py": djangoStandIn,
		}, want: `"wsgi:application"`, note: "serving wsgi"},
		{name: "Django without settings in manage.py", files: map[string]string{"manage.py": "from django.core.management import execute_from_command_line\n"}, err: "set DJANGO_SETTINGS_MODULE"},
		{name: "Django whose wsgi.py has settings of its own", files: with(django("WSGI_APPLICATION = 'mine.wsgi.application'\nSTATIC_URL = '/static/'\nSTATIC_ROOT = 'of_manage'\nMIDDLEWARE = []\n"), map[string]string{
			"mine/production.py": "WSGI_APPLICATION = 'mine.wsgi.application'\nSTATIC_URL = '/static/'\nSTATIC_ROOT = 'collected'\nMIDDLEWARE = []\n",
			"mine/wsgi.py":       "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mine.production')\n",
		}), want: `"mine.wsgi:application"`, note: "The application uses the settings mine.production, manage.py mine.settings_of_mine.", static: true},
		{name: "Django settings that another folder holds", args: "--python-path $APP/lib", files: with(django("from elsewhere import *\n"), map[string]string{
			"lib/elsewhere.py": "WSGI_APPLICATION = 'mine.wsgi.application'\nSTATIC_URL = '/static/'\nSTATIC_ROOT = 'collected'\nMIDDLEWARE = []\n",
		}), want: `"mine.wsgi:application"`, static: true},
		{name: "Django settings that print and leave a thread", files: django("import threading\nthreading.Thread(target=threading.Event().wait).start()\nprint('x', end='')\n" +
			"WSGI_APPLICATION = 'mine.wsgi.application'\nSTATIC_URL = 'static/'\nSTATIC_ROOT = 'collected'\nMIDDLEWARE = []\n"), want: `"mine.wsgi:application"`, static: true},
		{name: "Django settings that end the process", files: django("raise SystemExit('no key')\n"), err: "no key"},
		{name: "Django for ASGI only", files: django("WSGI_APPLICATION = None\nASGI_APPLICATION = 'mine.asgi.application'\nSTATIC_URL = STATIC_ROOT = None\nMIDDLEWARE = []\n"), err: "mod_wsgi cannot run mine.asgi.application"},
		{name: "Django settings that miss a variable", files: django("import os\nos.environ['SHOP_KEY']\n"), err: "with the variables of this shell"},
		{name: "Django in src", files: inFolder("src", django("import os\nWSGI_APPLICATION = 'mine.wsgi.application'\nSTATIC_URL = 'static/'\nSTATIC_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(__file__))) + '/collected'\nMIDDLEWARE = []\n")),
			want: `"mine.wsgi:application"`, note: "a Django project", static: true},
		{name: "Django whose wsgi.py names settings that are not there", files: with(django("WSGI_APPLICATION = 'mine.wsgi.application'\nSTATIC_URL = STATIC_ROOT = None\nMIDDLEWARE = []\n"), map[string]string{
			"mine/wsgi.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mine.gone')\n",
		}), err: "the WSGI application falls back to other settings than manage.py: read the settings mine.gone"},
		{name: "a module that is given as a script", args: "shop.web:app", err: "for a module, add --application-type module"},
		{name: "a file that is given as a module", args: "--application-type module app.py", err: "want a module as it is imported"},
		{name: "reloading in debug mode", args: "--debug-mode --reload-on-changes", want: "default.wsgi", note: "--reload-on-changes has no effect in debug mode"},
		{name: "coverage without its package", args: "--enable-coverage", err: "-m pip install coverage"},
		{name: "broken Django settings", files: django("raise RuntimeError('no secret')\n"), err: "no secret"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := newApplication(t, "6.1.1")
			a.Env = test.env
			if err := os.RemoveAll(a.Dir); err != nil {
				t.Fatal(err)
			}
			a.write(t, "unrelated.txt", "")
			for name, content := range test.files {
				a.write(t, name, content)
			}
			setup, err := a.try(strings.Fields(a.expand(test.args)))
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
			if served != test.static {
				t.Errorf("static files served: %v, want %v", served, test.static)
			}
		})
	}
}

// TestMapsStaticFilesBelowTheMountPoint, where Django puts a STATIC_URL without a
// slash before it.
func TestMapsStaticFilesBelowTheMountPoint(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{"static/": "Alias /shop/static ", "/static/": "Alias /static "} {
		a := newApplication(t, "6.1.1")
		for name, content := range map[string]string{
			"manage.py": manage, "site/__init__.py": "", "django/__init__.py": "", "django/conf.py": djangoStandIn, "collected/x.css": "",
			"site/settings_of_mine.py": "WSGI_APPLICATION = 'site.wsgi.application'\nSTATIC_URL = '" + url + "'\nSTATIC_ROOT = 'collected'\nMIDDLEWARE = []\n",
		} {
			a.write(t, strings.ReplaceAll(name, "site/", "mine/"), strings.ReplaceAll(content, "site.", "mine."))
		}
		setup, err := a.try([]string{"--mount-point", "/shop"})
		if err != nil {
			t.Fatal(err)
		}
		if configuration := text(setup, "httpd.conf"); !strings.Contains(configuration, want+a.Dir+"/collected") {
			t.Errorf("%s: want %q in\n%s", url, want, configuration)
		}
	}
}

func TestNamesAModuleThatTheApplicationCannotRead(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	if err := os.RemoveAll(a.Dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(a.write(t, "app.py", "app = 1\n"), 0); err != nil {
		t.Fatal(err)
	}
	_, err := a.try(nil)
	if want := "app.py, Permission denied: Python cannot read it"; err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "Traceback") {
		t.Errorf("error %v, want %q in it", err, want)
	}
}

// TestNamesFewFoldersBelow: where a tree is full of applications, as a home or
// "/" may be, three are named; and none in a folder in which anybody may put one.
func TestNamesFewFoldersBelow(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	if err := os.RemoveAll(a.Dir); err != nil {
		t.Fatal(err)
	}
	const app = "def application(environ, start_response):\n    return []\n"
	for _, name := range []string{"one", "two", "three", "four", "a_shared/theirs"} {
		a.write(t, name+"/wsgi.py", app)
	}
	if err := os.Chmod(filepath.Join(a.Dir, "a_shared"), 0o1777); err != nil {
		t.Fatal(err)
	}
	setup, err := a.try(nil)
	if err != nil {
		t.Fatal(err)
	}
	notes := strings.Join(setup.Notes, "\n")
	if got := strings.Count(notes, "add --working-directory"); got != 3 || strings.Contains(notes, "theirs") {
		t.Errorf("%d folders named, want 3 and none of a_shared:\n%s", got, notes)
	}
}
