"""Profile loading and requests, and write a pstats file at the end."""

import atexit
import os
import time
from cProfile import Profile
from functools import lru_cache


@lru_cache()  # an application that failed is loaded again
def start(folder):
    """Profile from now on, and give a wrapper for the application.

    A profile sees the thread in which it was enabled, so it is enabled again
    for each request. The wrapper closes the profile of loading.
    """
    profile = Profile()
    profile.enable()

    def write():
        profile.disable()  # of an application that was never loaded
        profile.dump_stats(os.path.join(folder, "%d-%d.pstats" % (time.time() * 1000000, os.getpid())))

    atexit.register(write)

    def wrap(application):
        profile.disable()

        def profiled(environ, start_response):
            result = None
            profile.enable()
            try:
                result = application(environ, start_response)
                for data in result:
                    profile.disable()
                    yield data
                    profile.enable()
            finally:
                try:
                    if hasattr(result, "close"):
                        result.close()
                finally:
                    profile.disable()

        return profiled

    return wrap
