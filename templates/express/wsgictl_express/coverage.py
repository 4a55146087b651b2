"""Report which lines ran, as web pages, when the server stops."""

import atexit
import os
import sys
import threading
from functools import lru_cache

try:
    from coverage import Coverage
except ImportError:
    raise ImportError("--enable-coverage needs the package coverage: pip install coverage") from None


@lru_cache()  # an application that failed is loaded again
def start(folder):
    """Measure from now on, and give a wrapper for the application.

    Python traces thread by thread, and coverage knows of those that Python
    started, which the threads of Apache are not.
    """
    coverage = Coverage(data_file=os.path.join(folder, ".coverage"))  # the current folder may be closed to us
    library = os.path.dirname(os.path.abspath(__file__))
    ours = [os.path.join(library, "*"), os.path.join(os.path.dirname(os.path.dirname(library)), "handler.wsgi")]
    coverage.set_option("run:omit", (coverage.get_option("run:omit") or []) + ours)
    coverage.start()
    trace = getattr(threading, "gettrace", lambda: threading._trace_hook)()

    def report():
        coverage.stop()
        coverage.html_report(directory=folder)

    atexit.register(report)

    def wrap(application):
        def traced(environ, start_response):
            if trace and sys.gettrace() is None:
                sys.settrace(trace)
            return application(environ, start_response)

        return traced

    return wrap
