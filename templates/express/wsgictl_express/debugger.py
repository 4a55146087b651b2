"""Open pdb where an exception leaves the application."""

import contextlib
import ctypes
import pdb
import sys
from _signal import SIGINT, default_int_handler, signal  # mod_wsgi's signal.signal sets no handler
from bdb import BdbQuit


class PostMortem:
    """Wraps an application; the exception goes on when pdb is left."""

    def __init__(self, application, at_start=False):
        self.application = application
        try:
            if at_start:
                pdb.set_trace()  # set breakpoints here, then "continue"
                at_start = False
        except BdbQuit:
            pass  # left with "quit": serve without

    def __call__(self, environ, start_response):
        with examined():
            return Result(self.application(environ, start_response))


class Result:
    """The response of a wrapped application."""

    def __init__(self, result):
        self.result = result

    def __iter__(self):
        with examined():
            for data in self.result:
                yield data

    def close(self):
        with examined():
            if hasattr(self.result, "close"):
                self.result.close()


def attempt(load):
    """Load the application by a function."""
    with examined():
        return load()


@contextlib.contextmanager
def examined():
    """Open pdb at an exception, but not at that by which pdb itself is left."""
    try:
        yield
    except BdbQuit:
        raise
    except Exception:
        kind, value, traceback = sys.exc_info()
        print("%s: %s" % (kind.__name__, value))
        pdb.post_mortem(traceback.tb_next)  # without this frame
        raise


def interruptible(cmdloop):
    """Let Ctrl-C keep to pdb while it asks; Apache's own handler would wait for Python forever.

    Python cannot restore a handler that it has not set, its C interface can.
    """

    def asking(*arguments):
        kept = get_handler(SIGINT)
        try:
            signal(SIGINT, default_int_handler)
        except ValueError:  # not the main thread, as with the MPM worker
            return cmdloop(*arguments)
        try:
            return cmdloop(*arguments)
        finally:
            set_handler(SIGINT, kept)

    return asking


get_handler = ctypes.pythonapi.PyOS_getsig
get_handler.restype = ctypes.c_void_p
set_handler = ctypes.pythonapi.PyOS_setsig
set_handler.argtypes = [ctypes.c_int, ctypes.c_void_p]
set_handler.restype = ctypes.c_void_p

pdb.Pdb.cmdloop = interruptible(pdb.Pdb.cmdloop)  # for breakpoint() too
