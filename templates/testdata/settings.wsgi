"""Answers with what it sees of the request: settings of a site show in it."""

import json


def application(environ, start_response):
    if environ["PATH_INFO"] == "/broken":
        start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
        return [b"the application's own page"]
    seen = {name: value for name, value in environ.items() if isinstance(value, str)}
    seen["body"] = environ["wsgi.input"].read().decode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Method", environ["REQUEST_METHOD"])])
    return [json.dumps(seen).encode()]
