"""Restart the process when a file that it read changes.

Watched are the files of all modules, from the moment they are imported, the
templates and settings that the process opens for reading, and what
track_changes adds. They are compared in a thread, and before each request, so
that no request sees old code.
"""

import os
import signal
import sys
import threading
import traceback
from time import monotonic

INTERVAL = 0.4  # seconds between two looks, and for which an editor may have removed a file
AGAIN = 1  # seconds after which a request has what failed loaded again

TEXTS = frozenset(
    ".html .htm .xhtml .xml .txt .md .jinja .jinja2 .j2 .mako .mak .tmpl .tpl .pt .djhtml .mo"
    " .ini .cfg .conf .toml .yaml .yml .env".split()
)

_WRITING = os.O_WRONLY | os.O_RDWR


class Watcher:
    """Remembers files and tells which has changed."""

    def __init__(self):
        self.lock = threading.Lock()
        self.stamps = {}
        self.missed = {}  # since when files are gone
        self.names = set()
        self.installed = tuple(
            os.path.join(prefix, "lib", "") for prefix in {sys.prefix, sys.base_prefix}
        )

    def track(self, path):
        path = os.path.abspath(path)
        if path not in self.stamps:
            self.stamps[path] = stamp(path)

    def audit(self, event, arguments):
        """Audit hook: note what is opened for reading, and not what is written."""
        try:
            if event == "open":
                self.opened(*arguments)
            elif event == "os.rename":
                self.stamps.pop(os.path.abspath(os.fsdecode(arguments[1])), None)
        except (OSError, TypeError, ValueError):
            pass  # no such path; whoever opens it will be told

    def opened(self, path, mode, flags):
        if not isinstance(path, str):
            return
        if isinstance(flags, int) and flags & _WRITING:
            self.stamps.pop(os.path.abspath(path), None)
            return
        extension = os.path.splitext(path)[1].lower()
        if extension == ".py":
            self.track(path)
        elif extension == ".pyc":
            self.track(source_of(path))
        elif extension in TEXTS or os.path.basename(path).startswith((".env", ".flaskenv")):
            if not os.path.abspath(path).startswith(self.installed):
                self.track(path)

    def imported(self):
        """Note the modules that are new."""
        for name in list(sys.modules):
            if name in self.names:
                continue
            self.names.add(name)
            module = sys.modules.get(name)
            path = getattr(module, "__dict__", {}).get("__file__")
            if isinstance(path, str):
                path = source_of(path)
                if os.path.isfile(path):
                    self.stamps.setdefault(path, stamp(path))

    def changed(self):
        """Give the first file that has changed or gone; None without one."""
        with self.lock:
            self.imported()
            for path, before in list(self.stamps.items()):
                now = stamp(path)
                if now is not None:
                    self.missed.pop(path, None)
                if now == before:
                    continue
                if now is None and monotonic() - self.missed.setdefault(path, monotonic()) < INTERVAL:
                    continue  # some editors remove a file before they write it again
                return path
        return None


def source_of(path):
    """Give the source of a compiled module; of another file the file itself."""
    if not path.endswith((".pyc", ".pyo")):
        return path
    folder, name = os.path.split(path)
    if os.path.basename(folder) != "__pycache__":
        return path[:-1]
    return os.path.join(os.path.dirname(folder), name.partition(".")[0] + ".py")


def stamp(path):
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


_watcher = Watcher()


def track_changes(path):
    """Watch one more file."""
    _watcher.track(path)


def start():
    """Watch from now on, and give a reload_required function.

    To be called before the application is loaded, which may take a while and
    may fail.
    """
    sys.addaudithook(_watcher.audit)
    threading.Thread(target=_watch, name="wsgictl-reloader", daemon=True).start()
    return lambda resource: _watcher.changed() is not None or monotonic() > _retry


_retry = float("inf")  # from when on a failed load is tried again


def attempt(load):
    """Give the application and the file that a function loads.

    Where it fails, give an application that says so. Modules that the failing
    one had imported stay as they are in this process, so that only another
    process can load it again; reload_required asks for that.
    """
    global _retry
    try:
        return load()
    except (Exception, SystemExit):
        traceback.print_exc()
        _retry = monotonic() + AGAIN
        return failed, None


def failed(environ, start_response):
    """Answer in the place of an application that could not be loaded."""
    start_response("500 Internal Server Error", [("Content-Type", "text/plain"), ("Content-Length", str(len(FAILED)))])
    return [FAILED]


FAILED = (
    b"The application could not be loaded; the error log tells why.\n"
    b"It is loaded again when a file of it changes, and with a request after %d second.\n" % AGAIN
)


def _watch():
    wait = threading.Event().wait
    while True:
        wait(INTERVAL)
        path = _watcher.changed()
        if path:
            print("%s changed: the application is loaded again." % path, file=sys.stderr)
            os.kill(os.getpid(), signal.SIGINT)
            return
