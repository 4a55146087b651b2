"""A WSGI application that says how it is run."""

import json
import os
import sys


def application(environ, start_response):
    body = json.dumps(
        {
            "mode": "daemon" if environ.get("mod_wsgi.process_group") else "embedded",
            "process_group": environ.get("mod_wsgi.process_group", ""),
            "application_group": environ.get("mod_wsgi.application_group", ""),
            "mod_wsgi": ".".join(str(part) for part in environ.get("mod_wsgi.version", ())),
            "python": sys.version.split()[0],
            "prefix": sys.prefix,
            "lang": os.environ.get("LANG", ""),
            "stdout_encoding": sys.__stdout__.encoding if sys.__stdout__ else "",
            "filesystem_encoding": sys.getfilesystemencoding(),
            "path": environ.get("PATH_INFO", ""),
            "greeting": "Grüße",
        },
        ensure_ascii=False,
        indent=2,
        sort_keys=True,
    )
    data = (body + "\n").encode("utf-8")
    start_response(
        "200 OK",
        [("Content-Type", "application/json; charset=utf-8"), ("Content-Length", str(len(data)))],
    )
    return [data]
