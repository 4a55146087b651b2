# Tells `wsgictl restart` what became of the applications of this process.
#
# WSGIImportScript loads this file into a daemon process of mod_wsgi, behind the scripts
# of the applications. The name of a thread is the answer, since every account may read
# it in /proc. A process whose applications do not work takes no requests while another
# one of its group can: mod_wsgi would have it answer them with 500.

import atexit
import ctypes
import os
import signal
import sys
import threading
import time
import traceback
from wsgiref.util import setup_testing_defaults

import mod_wsgi

READY, FAILED, WAITS = "wsgictl-ready", "wsgictl-failed", "wsgictl-waits"  # the kernel keeps 15 bytes
AGAIN = 60  # seconds after which a process that failed makes room for a new one
PATIENCE = 10  # seconds that the application has for its health
ENDS = {signal.SIGTERM, signal.SIGINT, signal.SIGUSR1}


class NotReady(Exception):
    pass


def loaded(script):
    """The module that mod_wsgi made of a script."""
    wanted = os.path.realpath(script.encode("utf-8"))
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name.startswith("_mod_wsgi_") and file and os.path.realpath(os.fsencode(file)) == wanted:
            return module
    raise NotReady(
        "%s was not loaded; what is above says why. If nothing does: its WSGIScriptAlias has to stand above the WSGIImportScript"
        " of this file, with process-group=%s application-group=%s" % (script, mod_wsgi.process_group, mod_wsgi.application_group or "%{GLOBAL}")
    )


def check(script, name, url):
    module = loaded(script)
    try:
        application = getattr(module, name)
    except AttributeError:
        raise NotReady("%s has no %s" % (script, name)) from None
    if url:
        in_time(lambda: ask(application, script, name, *url), "%s://%s%s%s" % url)


def in_time(call, what):
    """Calls in a thread: a process that waited for ever would serve nobody."""
    failures = []

    def answer():
        try:
            call()
        except NotReady as reason:
            failures.append(reason)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    if thread.is_alive():
        raise NotReady("%s was not answered within %d s" % (what, PATIENCE))
    if failures:
        raise failures[0]


def ask(application, script, callable_object, scheme, host, mount, path):
    """Has the application answer a request before clients send any."""
    name, _, port = host.partition(":")
    port = port or {"http": "80", "https": "443"}[scheme]
    environ = {  # as mod_wsgi makes it
        "REQUEST_METHOD": "GET", "REQUEST_SCHEME": scheme, "REQUEST_URI": mount + path, "QUERY_STRING": "",
        "SCRIPT_NAME": mount, "PATH_INFO": path, "SCRIPT_FILENAME": script,
        "SERVER_PROTOCOL": "HTTP/1.1", "GATEWAY_INTERFACE": "CGI/1.1", "SERVER_SOFTWARE": "Apache",
        "SERVER_NAME": name, "SERVER_PORT": port, "SERVER_ADDR": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1", "REMOTE_PORT": "0",
        "HTTP_HOST": host, "HTTP_USER_AGENT": "wsgictl",
        "wsgi.url_scheme": scheme, "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.errors": sys.stderr,
        "mod_wsgi.version": mod_wsgi.version, "mod_wsgi.script_name": mount, "mod_wsgi.path_info": path,
        "mod_wsgi.process_group": mod_wsgi.process_group, "mod_wsgi.application_group": mod_wsgi.application_group,
        "mod_wsgi.callable_object": callable_object, "mod_wsgi.listener_host": "", "mod_wsgi.listener_port": port,
    }
    if scheme == "https":
        environ["HTTPS"] = "on"
    setup_testing_defaults(environ)
    statuses = []

    def start_response(status, headers, exc_info=None):
        statuses.append(status)
        return lambda data: None

    where = "%s://%s%s%s" % (scheme, host, mount, path)
    try:
        body = application(environ, start_response)
        try:
            for _ in body:
                pass
        finally:
            if hasattr(body, "close"):
                body.close()
    except BaseException:  # sys.exit() too
        traceback.print_exc()
        raise NotReady("%s was not answered; what is above says why" % where) from None
    if not statuses or statuses[-1][:1] not in ("2", "3"):
        raise NotReady("%s was answered with %s" % (where, statuses[-1] if statuses else "no status"))


class Sign:
    """A thread that does nothing but have a name; READY once the process recovers."""

    def __init__(self, name, recovers=None):
        self.name = name
        self.recovers = recovers
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.show, name=name, daemon=True)
        self.thread.start()
        atexit.register(self.end)

    def show(self):
        self.say(self.name)
        asks = any(url for script, name, url in APPLICATIONS)  # and may fill the log
        while self.recovers and not self.ending.wait(AGAIN if asks else 1):
            if self.recovers():
                print("wsgictl: this process is ready now", file=sys.stderr)
                self.say(READY)
                break
        self.ending.wait()

    @staticmethod
    def say(name):
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(15, name.encode("ascii"), 0, 0, 0)  # PR_SET_NAME

    def end(self):
        self.ending.set()
        self.thread.join(1)


def read(*path):
    try:
        with open("/".join(("/proc",) + path), "rb") as f:
            return f.read()
    except OSError:  # the process ended meanwhile
        return b""


def names(*path):
    try:
        return os.listdir("/".join(("/proc",) + path))
    except OSError:
        return []


def account(pid):
    return [line for line in read(pid, "status").splitlines() if line.startswith(b"Uid:")]


def others_serve():
    """Whether another process of this group has said that it is ready."""
    title, parent, own = read("self", "cmdline"), os.getppid(), account("self")
    if title == read(str(parent), "cmdline"):  # without display-name groups cannot be told apart
        return False
    for pid in names():
        if not pid.isdigit() or int(pid) == os.getpid() or read(pid, "cmdline") != title:
            continue
        if read(pid, "stat").rpartition(b")")[2].split()[1:2] != [b"%d" % parent]:
            continue
        if account(pid) != own:  # another site's, with a title that it gave itself
            continue
        if any(read(pid, "task", tid, "comm") == READY.encode("ascii") + b"\n" for tid in names(pid, "task")):
            return True
    return False


def wait():
    """Takes no requests as long as others can, and in the end makes room for a new process."""
    sign = Sign(WAITS)
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
    parent, since = os.getppid(), time.monotonic()
    while others_serve():
        if signal.sigtimedwait(ENDS, 1) or os.getppid() != parent or time.monotonic() - since > AGAIN:
            os._exit(0)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
    sign.end()


def start():
    try:
        for script, name, url in APPLICATIONS:
            check(script, name, url)
    except NotReady as reason:
        print("wsgictl: this process is not ready: %s" % reason, file=sys.stderr)
        if others_serve():
            print("wsgictl: it takes no requests as long as others of its group do, and ends in %d s" % AGAIN, file=sys.stderr)
            wait()
        Sign(FAILED, recovers)
    else:
        Sign(READY)


def recovers():
    """Whether mod_wsgi has loaded by now, with a request, what could not be loaded."""
    try:
        for script, name, url in APPLICATIONS:
            check(script, name, url)
    except NotReady:
        return False
    return True


start()
