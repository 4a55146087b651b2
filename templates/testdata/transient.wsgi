# Behaves like a framework that cannot be set up twice in one process: what fails while the file
# "broken" is there goes on failing in that process after it is gone.
import os
import sys

if hasattr(sys, "was_set_up"):
    raise RuntimeError("set up twice")
sys.was_set_up = True
if os.path.exists(os.path.join(os.path.dirname(__file__), "broken")):
    raise RuntimeError("the database is away")


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"up"]
