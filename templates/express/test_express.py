"""Checks of the package wsgictl_express, to run by any Python from 3.8 on:

PYTHONPATH=. python test_express.py
"""

import io
import json
import os
import socket
import sys
import tempfile
import types
import unittest
from unittest import mock

from wsgictl_express import application, debugger, keep_alive, profiler, recorder, reloader, resources


def echo(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["SCRIPT_NAME"].encode(), b"|", environ["PATH_INFO"].encode()]


def call(app, **environ):
    """Call an application as a server does; give its status and body."""
    started = []
    environ.setdefault("wsgi.input", io.BytesIO())
    result = app(environ, lambda status, headers, *info: started.append(status) or (lambda data: None))
    try:
        body = b"".join(result)
    finally:
        if hasattr(result, "close"):
            result.close()
    return started[-1] if started else None, body.decode()


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(content)
        return path


class Loading(Folder):
    def test_script(self):
        path = self.write("a.wsgi", "def application(e, s):\n    return [__name__.encode(), __file__.encode()]\n")
        found, source = application.load("script", path, "application")
        self.assertEqual([b"__wsgi__", path.encode()], found({}, None))
        self.assertEqual(path, source)

    def test_module_and_factory(self):
        self.write("shop_for_test.py", "class api:\n    def app(e, s):\n        return []\n\ndef create_app():\n    return api.app\n")
        with mock.patch.object(sys, "path", [self.folder] + sys.path):
            for entry_point, name in [
                ("shop_for_test", "api.app"),
                ("shop_for_test:api.app", "application"),
                ("shop_for_test:create_app()", "application"),
            ]:
                found, source = application.load("module", entry_point, name)
                self.assertEqual([], found({}, None))
                self.assertTrue(source.endswith("shop_for_test.py"), source)

    def refuses(self, content, *wanted):
        path = self.write("a.wsgi", content)
        with self.assertRaises(application.LoadError) as caught:
            application.load("script", path, "application")
        for text in wanted:
            self.assertIn(text, str(caught.exception))

    def test_says_what_is_missing(self):
        self.refuses("def app(e, s): pass\n", "no 'application'", "'app'", "--callable-object")
        self.refuses("application = 3\n", "no callable but 'int'")

    def test_names_the_package_of_paste(self):
        with mock.patch.dict(sys.modules, paste=None), self.assertRaises(application.LoadError) as caught:
            application.load("paste", "production.ini", "application")
        self.assertIn("pip install pastedeploy", str(caught.exception))

    def test_refuses_asgi(self):
        self.refuses("async def application(scope, receive, send): pass\n", "ASGI")
        self.refuses("class A:\n    async def __call__(self, scope, receive, send): pass\napplication = A()\n", "ASGI")

    def test_broken_script_leaves_no_module(self):
        with self.assertRaises(ZeroDivisionError):
            application.load("script", self.write("a.wsgi", "1 / 0\n"), "application")
        self.assertNotIn("__wsgi__", sys.modules)

    def test_change_is_seen(self):
        path = self.write("a.wsgi", "")
        changed = application.changed_since_load(path)
        self.assertFalse(changed("any"))
        os.utime(path, ns=(1, 1))
        self.assertTrue(changed("any"))
        os.remove(path)
        self.assertTrue(changed("any"))


class MountPoints(unittest.TestCase):
    def test_paths(self):
        for mount, script, path, want in [
            ("/", "/a", "/b", "|/a/b"),
            ("/", "/", "", "|/"),
            ("/shop", "/shop/a", "/b", "/shop|/a/b"),
            ("/shop", "/shop", "", "/shop|"),
            ("/shop", "/shopping", "", "|/shopping"),
            ("/shop/", "/shop/a", "", "/shop|/a"),
        ]:
            app = application.at_mount_point(echo, mount)
            self.assertEqual(("200 OK", want), call(app, SCRIPT_NAME=script, PATH_INFO=path), (mount, script, path))

    def test_script_name_of_a_proxy_stays(self):
        for mount, want in [("/", "/front|/shop/a/b"), ("/shop", "/front|/a/b")]:
            app = application.at_mount_point(echo, mount)
            environ = {"SCRIPT_NAME": "/front", "PATH_INFO": "/b", "mod_wsgi.mount_point": "/front", "mod_wsgi.script_name": "/shop/a"}
            self.assertEqual(("200 OK", want), call(app, **environ))


class KeptAlive(unittest.TestCase):
    def listen(self, family, address):
        listener = socket.socket(family)
        self.addCleanup(listener.close)
        listener.bind((address, 0))
        listener.listen(8)
        return listener

    def connect(self, address, listener):
        client = socket.create_connection((address, listener.getsockname()[1]), timeout=5)
        self.addCleanup(client.close)

    @unittest.skipUnless(sys.platform == "linux", "only Linux is asked who waits")
    def test_those_who_wait_are_counted(self):
        for family, bound, asked in [
            (socket.AF_INET, "127.0.0.1", "127.0.0.1"),
            (socket.AF_INET, "0.0.0.0", "127.0.0.1"),
            (socket.AF_INET6, "::1", "::1"),
            (socket.AF_INET6, "::", "::1"),
            (socket.AF_INET6, "::", "127.0.0.1"),
        ]:
            try:
                listener = self.listen(family, bound)
            except OSError as error:
                self.assertEqual(socket.AF_INET6, family, error)
                continue  # a machine without IPv6
            port = listener.getsockname()[1]
            self.assertEqual(0, keep_alive.waiting(asked, port))
            self.connect(asked, listener)
            self.connect(asked, listener)
            self.assertEqual(2, keep_alive.waiting(asked, port), (bound, asked))
            listener.close()
            self.assertEqual(0, keep_alive.waiting(asked, port), (bound, asked))

    def headers(self, app):
        sent = []
        app({"SERVER_ADDR": "127.0.0.1", "SCRIPT_NAME": "", "PATH_INFO": ""}, lambda status, headers, *info: sent.extend(headers))
        return dict(sent)

    def test_closed_while_others_wait(self):
        plain = {"Content-Type": "text/plain"}
        with mock.patch.object(keep_alive, "waiting", side_effect=[0, 0, 0, 3, 0, 0]) as waiting:
            with mock.patch.object(keep_alive, "monotonic", side_effect=[1, 1.01, 2, 2.01, 3]):
                app = keep_alive.in_turn(echo, [80, 443])
                self.assertEqual([plain, plain], [self.headers(app), self.headers(app)])
                closed = dict(plain, Connection="close")
                self.assertEqual([closed, closed], [self.headers(app), self.headers(app)])
                self.assertEqual(plain, self.headers(app))
            self.assertEqual([mock.call("127.0.0.1", 80), mock.call("127.0.0.1", 443)] * 3, waiting.mock_calls)

    def test_only_the_server_judges_headers(self):
        started = mock.Mock()
        for headers in [(("A", "b"),), None]:
            keep_alive.closing(started)("200 OK", headers, None)
            started.assert_called_with("200 OK", headers, None)
        own = [("A", "b")]
        keep_alive.closing(started)("200 OK", own)
        self.assertEqual([("A", "b")], own)

    def test_kept_where_the_kernel_does_not_tell(self):
        for error in [OSError(), AttributeError()]:
            with mock.patch.object(keep_alive, "waiting", side_effect=[1, error, 1]):
                with mock.patch.object(keep_alive, "monotonic", side_effect=[1, 2, 3, 63]):
                    app = keep_alive.in_turn(echo, [80])
                    closed = ["Connection" in self.headers(app) for _ in range(4)]
                    self.assertEqual([True, False, False, True], closed)


class Resources(Folder):
    def test_dispatch_by_extension(self):
        one = self.write("one.wsgi", "def application(e, s):\n    s('200 OK', [])\n    return [b'one']\n")
        two = self.write("two.wsgi", "def handle_request(e, s):\n    s('201 OK', [])\n    return [b'two']\ndef reload_required(r):\n    return r\n")
        served = resources.Resources([(".one", one), (".two", two)])
        self.assertEqual(("200 OK", "one"), call(served.handle_request, SCRIPT_NAME="/x.one"))
        self.assertEqual(("201 OK", "two"), call(served.handle_request, SCRIPT_NAME="/x.two"))
        self.assertEqual("/x.two", served.reload_required("/x.two"))
        self.assertFalse(served.reload_required("/x.one"))


class Reloading(Folder):
    def test_modules_and_templates(self):
        watcher = reloader.Watcher()
        self.assertIsNone(watcher.changed())
        path = self.write("late.py", "")
        module = types.ModuleType("late_for_test")
        module.__file__ = path
        with mock.patch.dict(sys.modules, late_for_test=module):
            self.assertIsNone(watcher.changed())
            os.utime(path, ns=(1, 1))
            self.assertEqual(path, watcher.changed())
        page = self.write("page.html", "")
        watcher = reloader.Watcher()
        watcher.audit("open", (page, "r", os.O_RDONLY))
        watcher.audit("open", (self.write("data.bin", ""), "r", os.O_RDONLY))
        watcher.audit("import", ("late",))
        self.assertEqual([page], list(watcher.stamps))
        os.utime(page, ns=(1, 1))
        self.assertEqual(page, watcher.changed())

    def test_settings_without_an_extension(self):
        for name in [".env", ".env.local", ".flaskenv"]:
            watcher = reloader.Watcher()
            path = self.write(name, "A=1\n")
            watcher.audit("open", (path, "r", os.O_RDONLY))
            self.assertEqual([path], list(watcher.stamps))

    def test_a_module_is_watched_from_its_import_on(self):
        watcher = reloader.Watcher()
        path = self.write("early.py", "")
        os.mkdir(os.path.join(self.folder, "__pycache__"))
        for opened in ["early.py", "__pycache__/early.cpython-311.pyc", "__pycache__/early.cpython-311.opt-1.pyc"]:
            watcher.stamps.clear()
            watcher.audit("open", (os.path.join(self.folder, opened), "rb", os.O_RDONLY))
            self.assertEqual([path], list(watcher.stamps), opened)

    def test_a_file_may_be_gone_while_it_is_saved(self):
        watcher = reloader.Watcher()
        page = self.write("page.html", "")
        watcher.track(page)
        before = os.stat(page)
        with mock.patch.object(reloader, "monotonic", side_effect=[1, 1, 1.1, 1.1, 2, 2, 3, 3]):
            os.remove(page)
            self.assertIsNone(watcher.changed())
            self.write("page.html", "")
            os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))
            self.assertIsNone(watcher.changed())
            os.remove(page)
            self.assertIsNone(watcher.changed())
            self.assertEqual(page, watcher.changed())

    def test_what_the_application_writes_is_not_watched(self):
        watcher = reloader.Watcher()
        page = self.write("cache.html", "")
        for event, arguments in [("open", (page, "w", os.O_WRONLY)), ("os.rename", (page + ".new", page, -1, -1))]:
            watcher.audit("open", (page, "r", os.O_RDONLY))
            self.assertEqual([page], list(watcher.stamps))
            watcher.audit(event, arguments)
            self.assertEqual({}, watcher.stamps)

    def test_opening_fails_no_other_way_than_it_would(self):
        home = os.getcwd()
        self.addCleanup(os.chdir, home)
        gone = os.path.join(self.folder, "gone")
        os.mkdir(gone)
        os.chdir(gone)
        os.rmdir(gone)
        watcher = reloader.Watcher()
        for path in ["relative.html", "null\0.html", b"bytes.html", 3, None]:
            watcher.audit("open", (path, "r", os.O_RDONLY))
        watcher.audit("os.rename", (3, 4, -1, -1))
        self.assertEqual({}, watcher.stamps)

    def test_what_cannot_be_loaded_is_tried_again(self):
        for error in [SyntaxError("on purpose"), SystemExit("on purpose")]:
            with mock.patch.object(reloader, "_retry", None), mock.patch.object(reloader, "monotonic", return_value=5):
                with mock.patch("sys.stderr", io.StringIO()) as log:
                    app, source = reloader.attempt(mock.Mock(side_effect=error))
                self.assertEqual(("500 Internal Server Error", reloader.FAILED.decode()), call(app))
                self.assertIn("on purpose", log.getvalue())
                self.assertEqual(6, reloader._retry)
        self.assertEqual(("app", "file"), reloader.attempt(lambda: ("app", "file")))

    def test_module_whose_attributes_run_code(self):
        class Lazy(types.ModuleType):
            def __getattr__(self, name):
                raise AssertionError("asked for " + name)

        with mock.patch.dict(sys.modules, lazy_for_test=Lazy("lazy_for_test")):
            reloader.Watcher().changed()


class Debugging(unittest.TestCase):
    def test_each_place(self):
        def at_call(environ, start_response):
            raise ValueError

        def at_iteration(environ, start_response):
            yield b"one"
            raise ValueError

        class AtClose(list):
            def close(self):
                raise ValueError

        for app in [at_call, at_iteration, lambda e, s: AtClose()]:
            with mock.patch("pdb.post_mortem") as opened, mock.patch("builtins.print"):
                with self.assertRaises(ValueError):
                    call(debugger.PostMortem(app))
                opened.assert_called_once()


class Recording(Folder):
    def test_files(self):
        def app(environ, start_response):
            environ["wsgi.input"].read(2)
            start_response("200 OK", [("A", "b")])
            return [b"out"]

        wrapped = recorder.Recorder(app, self.folder)
        call(wrapped, REQUEST_METHOD="POST", HTTP_HOST="h", REQUEST_URI="/p?q", QUERY_STRING="q", **{"wsgi.input": io.BytesIO(b"whole body")})
        name = [name for name in os.listdir(self.folder) if name.endswith(".json")][0]
        with open(os.path.join(self.folder, name)) as file:
            facts = json.load(file)
        self.assertEqual(("POST", "http://h/p?q", "200 OK", [["A", "b"]]), (facts["method"], facts["url"], facts["status"], facts["headers"]))
        for suffix, want in [("request", b"whole body"), ("response", b"out")]:
            path = os.path.join(self.folder, name.replace("json", suffix))
            with open(path, "rb") as file:
                self.assertEqual(want, file.read())
            self.assertEqual(0o600, os.stat(path).st_mode & 0o777)

    def exception(self, app, ask):
        """Give what is recorded as the exception of a request."""
        response = recorder.Recorder(app, self.folder)({"wsgi.input": io.BytesIO()}, lambda *started: None)
        ask(response)
        name = [name for name in os.listdir(self.folder) if name.endswith(".json")][0]
        with open(os.path.join(self.folder, name)) as file:
            return json.load(file)["exception"]

    def test_headers_that_are_no_text(self):
        def app(environ, start_response):
            start_response("200 OK", [("A", b"b")])
            raise ValueError("on purpose")

        def ask(response):
            with self.assertRaises(ValueError):
                list(response)

        self.assertIn("on purpose", self.exception(app, ask))

    def test_a_client_that_goes_away(self):
        def ask(response):
            self.assertEqual(b"one", next(response))
            response.close()

        self.assertIn("client went away", self.exception(lambda environ, start_response: [b"one", b"two"], ask))

    def test_ways_to_read(self):
        copy = io.BytesIO()
        copy.close = lambda: None
        body = recorder.Input(io.BytesIO(b"a\nb\nc\nd\ne"), copy)
        self.assertEqual(b"a\n", body.readline())
        self.assertEqual(b"b\n", next(iter(body)))
        self.assertEqual([b"c\n"], body.readlines(1))
        self.assertEqual(b"d", body.read(1))
        body.finish()
        self.assertEqual(b"a\nb\nc\nd\ne", copy.getvalue())


class Profiling(Folder):
    def test_loading_that_failed_goes_on(self):
        with mock.patch("atexit.register") as registered:
            first = profiler.start(self.folder)
            self.assertIs(first, profiler.start(self.folder))
            registered.assert_called_once()
            registered.call_args[0][0]()
        self.assertEqual(1, len(os.listdir(self.folder)))

    def test_wrapper(self):
        with mock.patch("atexit.register") as registered:
            app = profiler.start(self.folder)(echo)
            self.assertEqual(("200 OK", "/a|/b"), call(app, SCRIPT_NAME="/a", PATH_INFO="/b"))
            registered.call_args[0][0]()
        self.assertEqual(1, len(os.listdir(self.folder)))


if __name__ == "__main__":
    unittest.main()
