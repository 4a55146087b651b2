package express_test

import (
	"os"
	"strings"
	"testing"
)

// TestPlanRefusesNamedApplicationThatCannotBeServed, which Apache would answer
// each request of with 500.
func TestPlanRefusesNamedApplicationThatCannotBeServed(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	for name, content := range map[string]string{
		"fast.py":            "from fastapi import FastAPI\napp = FastAPI()\nstate = {}\n",
		"wrapped.py":         "from a2wsgi import ASGIMiddleware\nfrom fast import app\napplication = ASGIMiddleware(app)\n",
		"star.wsgi":          "from starlette.applications import Starlette\napplication = Starlette()\n",
		"star_or_not.wsgi":   "from starlette.applications import Starlette\nfrom a2wsgi import ASGIMiddleware\napplication = Starlette()\napplication = ASGIMiddleware(application)\n",
		"async.wsgi":         "async def application(scope, receive, send):\n    pass\n",
		"decorated.wsgi":     "from asgiref.sync import async_to_sync\n@async_to_sync\nasync def application(environ, start_response):\n    pass\n",
		"tornado.wsgi":       "import tornado.web\napplication = tornado.web.Application([])\n",
		"shop/__init__.py":   "",
		"shop/asgi.py":       "from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n",
		"shop/wsgi.py":       "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
		"flasky.py":          "from flask import Flask\napp = Flask(__name__)\n",
		"factory.py":         "from flask import Flask\ndef create_app(config):\n    return Flask(__name__)\n",
		"plain.py":           "import sys\nprint(sys.argv)\n",
		"starred.py":         "from elsewhere import *\n",
		"by_exec.py":         "exec(open('other.wsgi').read())\n",
		"by_class.py":        "class application:\n    def __init__(self, environ, start_response):\n        pass\n",
		"by_tuple.py":        "from shop import make\napplication, admin = make()\n",
		"its_own_server.py":  "from flask import Flask\napplication = Flask(__name__)\napplication.run()\n",
		"below/src/inner.py": "from fastapi import FastAPI\napp = FastAPI()\n",
		"broken.py":          "def application(:\n",
	} {
		a.write(t, name, content)
	}
	for _, test := range []struct{ args, want string }{
		{"fast.py --callable-object app", "fast.py makes app with FastAPI, an ASGI application, which mod_wsgi cannot run: use an ASGI server behind --proxy-mount-point, or wrap it"},
		{"fast.py", "fast.py makes app with FastAPI, an ASGI application"},
		{"--application-type module fast:app", "fast.py makes app with FastAPI"},
		{"--application-type module fast", "fast.py makes app with FastAPI"},
		{"--application-type module --entry-point fast:state", ""},
		{"wrapped.py", ""},
		{"star.wsgi", "star.wsgi makes application with Starlette, an ASGI application"},
		{"star_or_not.wsgi", ""},
		{"async.wsgi", "async.wsgi makes application with an async function, an ASGI application"},
		{"decorated.wsgi", ""},
		{"tornado.wsgi", "tornado.wsgi makes application with Tornado, an application for a server of its own"},
		{"shop/asgi.py", "name the project's wsgi.py instead"},
		{"--application-type module shop.asgi", "name the project's wsgi.py instead"},
		{"--application-type module shop.wsgi", ""},
		{"--application-type module shop", "shop/__init__.py has no \"application\", the callable that mod_wsgi is to call: name the one that it has with --callable-object"},
		{"flasky.py", "flasky.py has no \"application\", the callable that mod_wsgi is to call; there is app: name it, --callable-object app"},
		{"flasky.py --callable-object app", ""},
		{"flasky.py --callable-object app.wsgi_app", ""},
		{"--application-type module flasky", "there is app: name it, flasky:app"},
		{"--application-type module flasky:web", "flasky.py has no \"web\""},
		{"factory.py", "there is create_app(): name it, --callable-object 'create_app()'"},
		{"factory.py --callable-object create_app('x')", ""},
		{"plain.py", "plain.py has no \"application\""},
		{"starred.py", ""},
		{"by_exec.py", ""},
		{"by_class.py", ""},
		{"by_tuple.py", ""},
		{"its_own_server.py", "application.run() starts a server of its own"},
		{"--application-type module inner:app --python-path below/src", "inner.py makes app with FastAPI"},
		{"--application-type module not.here:app", ""},
		{"broken.py", ""},
	} {
		_, err := a.try(strings.Fields(test.args))
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", test.args, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: error %v, want %q in it", test.args, err, test.want)
		}
	}
	if _, err := os.Stat(a.Root); err == nil {
		t.Error("a refused command line left a server root")
	}
}
