"""Restart the process when a file that it read changes.

Watched are the files of all modules, as soon as they are imported, the
templates and settings that the process opens for reading, and what
track_changes adds. They are compared in a thread, and before each request, so
that no request sees old code.
"""

import os
import signal
import sys
import threading

INTERVAL = 0.4  # seconds between two looks

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
        self.names = set()
        self.installed = tuple(
            os.path.join(prefix, "lib", "") for prefix in {sys.prefix, sys.base_prefix}
        )

    def track(self, path):
        path = os.path.abspath(path)
        if path not in self.stamps:
            self.stamps[path] = stamp(path)

    def opened(self, event, arguments):
        """Audit hook: note what is opened for reading."""
        if event != "open":
            return
        path, _, flags = arguments
        if not isinstance(path, str) or os.path.splitext(path)[1].lower() not in TEXTS:
            return
        path = os.path.abspath(path)
        if isinstance(flags, int) and flags & _WRITING:
            self.stamps.pop(path, None)
        elif path not in self.stamps and not path.startswith(self.installed):
            self.stamps[path] = stamp(path)

    def imported(self):
        """Note the modules that are new."""
        for name in list(sys.modules):
            if name in self.names:
                continue
            self.names.add(name)
            module = sys.modules.get(name)
            path = getattr(module, "__dict__", {}).get("__file__")
            if isinstance(path, str):
                if path.endswith((".pyc", ".pyo")):
                    path = path[:-1]
                if os.path.isfile(path):
                    self.stamps.setdefault(path, stamp(path))

    def changed(self):
        """Give the first file that has changed or gone; None without one."""
        with self.lock:
            self.imported()
            for path, before in list(self.stamps.items()):
                if stamp(path) != before:
                    return path
        return None


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
    """Watch from now on, and give a reload_required function."""
    sys.addaudithook(_watcher.opened)
    threading.Thread(target=_watch, name="wsgictl-reloader", daemon=True).start()
    return lambda resource: _watcher.changed() is not None


def _watch():
    wait = threading.Event().wait
    while True:
        wait(INTERVAL)
        path = _watcher.changed()
        if path:
            print("%s changed: the application is loaded anew." % path, file=sys.stderr)
            os.kill(os.getpid(), signal.SIGINT)
            return
