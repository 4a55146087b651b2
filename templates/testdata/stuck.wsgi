# /stuck never answers, /slow takes two seconds, everything else is answered at once.
import threading
import time


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/stuck":
        threading.Event().wait(600)
    if path == "/slow":
        time.sleep(2)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"done"]
