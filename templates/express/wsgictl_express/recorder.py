"""Keep each request and its response in files, for "wsgictl recordings".

A recording is three files named after its id, which sorts by time: ID.json
holds what is no body, ID.request and ID.response are the bodies.
"""

import itertools
import json
import os
import time
import traceback


class Recorder:
    """Wraps an application and records what passes through."""

    def __init__(self, application, folder):
        self.application = application
        self.folder = folder
        self.count = itertools.count(1)

    def __call__(self, environ, start_response):
        name = "%d-%d-%d" % (time.time() * 1000000, os.getpid(), next(self.count))
        return Recording(os.path.join(self.folder, name), environ).run(self.application, start_response)


class Recording:
    """One request and its response."""

    def __init__(self, path, environ):
        self.path = path
        self.began = time.time()
        self.facts = {
            "version": 1,
            "time": self.began,
            "method": environ.get("REQUEST_METHOD"),
            "url": url_of(environ),
            "environ": {key: value for key, value in sorted(environ.items()) if isinstance(value, str)},
            "status": None,
            "headers": [],
            "exception": None,
        }
        self.body = Input(environ["wsgi.input"], private(path + ".request"))
        environ["wsgi.input"] = self.body
        self.environ = environ
        self.response = private(path + ".response")

    def run(self, application, start_response):
        def recording_start(status, headers, *info):
            self.facts["status"], self.facts["headers"] = status, [list(header) for header in headers]
            write = start_response(status, headers, *info)

            def recording_write(data):
                self.response.write(data)
                return write(data)

            return recording_write

        result = None
        try:
            result = application(self.environ, recording_start)
            for data in result:
                self.response.write(data)
                yield data
        except GeneratorExit:
            self.facts["exception"] = "The client went away before the response ended.\n"
            raise
        except BaseException:
            self.facts["exception"] = traceback.format_exc()
            raise
        finally:
            try:
                if hasattr(result, "close"):
                    result.close()
            except BaseException:
                self.facts["exception"] = traceback.format_exc()
                raise
            finally:
                self.finish()

    def finish(self):
        self.body.finish()
        self.response.close()
        self.facts["seconds"] = round(time.time() - self.began, 6)
        with private(self.path + ".json.new") as file:
            file.write(json.dumps(self.facts, indent=1, default=repr).encode())
        os.rename(self.path + ".json.new", self.path + ".json")


class Input:
    """A request body that also writes what is read of it into a file."""

    def __init__(self, source, copy):
        self.source = source
        self.copy = copy

    def _keep(self, data):
        self.copy.write(data)
        return data

    def read(self, *size):
        return self._keep(self.source.read(*size))

    def readline(self, *size):
        return self._keep(self.source.readline(*size))

    def readlines(self, *hint):
        lines = self.source.readlines(*hint)
        self._keep(b"".join(lines))
        return lines

    def __iter__(self):
        return iter(self.readline, b"")

    def __getattr__(self, name):
        return getattr(self.source, name)

    def finish(self):
        """Keep what the application left unread too."""
        try:
            while self.read(65536):
                pass
        except OSError:
            pass  # the client has gone
        self.copy.close()


def private(path):
    """Open a new file that only its owner can read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def url_of(environ):
    query = environ.get("QUERY_STRING")
    host = environ.get("HTTP_HOST") or environ.get("SERVER_NAME", "")
    path = environ.get("REQUEST_URI", "").partition("?")[0] or environ.get("PATH_INFO", "")
    return "%s://%s%s%s" % (environ.get("wsgi.url_scheme", "http"), host, path, "?" + query if query else "")
