"""Open pdb where an exception leaves the application."""

import pdb
import sys


class PostMortem:
    """Wraps an application; the exception goes on when pdb is left."""

    def __init__(self, application, at_start=False):
        self.application = application
        if at_start:
            pdb.set_trace()  # set breakpoints here, then "continue"

    def __call__(self, environ, start_response):
        try:
            result = self.application(environ, start_response)
        except Exception:
            examine()
            raise
        return Result(result)


class Result:
    """The response of a wrapped application."""

    def __init__(self, result):
        self.result = result

    def __iter__(self):
        try:
            for data in self.result:
                yield data
        except Exception:
            examine()
            raise

    def close(self):
        try:
            if hasattr(self.result, "close"):
                self.result.close()
        except Exception:
            examine()
            raise


def examine():
    kind, value, traceback = sys.exc_info()
    print("%s: %s" % (kind.__name__, value))
    pdb.post_mortem(traceback)
