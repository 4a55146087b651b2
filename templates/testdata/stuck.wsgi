# /stuck never answers, /slow takes three seconds, everything else is answered at once. Each of the
# first two leaves a file in the folder "entered" when a thread begins it.
import os
import tempfile
import threading
import time


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path in ("/stuck", "/slow"):
        tempfile.mkstemp(dir=os.path.join(os.path.dirname(__file__), "entered"))
    if path == "/stuck":
        threading.Event().wait(600)
    if path == "/slow":
        time.sleep(3)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"done"]
