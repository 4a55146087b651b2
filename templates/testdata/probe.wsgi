# Says how it is run, so that a test can hold it against what was declared.
import json
import os
import sys


def application(environ, start_response):
    name = "Grüße-\u65e5\u672c"
    print("stdout takes", name)
    sys.stdout.flush()
    path = os.path.join(os.path.dirname(__file__), "files", name)
    with open(path, "w") as file:
        file.write(name)
    answer = {
        "group": environ.get("mod_wsgi.process_group", ""),
        "interpreter": environ.get("mod_wsgi.application_group", ""),
        "release": list(environ["mod_wsgi.version"]),
        "prefix": sys.prefix,
        "lang": os.environ.get("LANG", ""),
        "lc_all": os.environ.get("LC_ALL", ""),
        "filesystem": sys.getfilesystemencoding(),
        "listed": name in os.listdir(os.path.dirname(path)),
        "uid": os.getuid(),
        "pid": os.getpid(),
        "cwd": os.getcwd(),
    }
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(answer).encode()]
