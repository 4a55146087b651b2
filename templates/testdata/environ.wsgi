"""Answers with what it sees of the request."""

import json


def application(environ, start_response):
    seen = {name: environ.get(name, "") for name in
            ("wsgi.url_scheme", "REMOTE_ADDR", "SCRIPT_NAME", "PATH_INFO", "HTTP_AUTHORIZATION")}
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(seen).encode()]
