"""The welcome page of a server that was given no application."""

import os
import platform
import sys
from html import escape

import mod_wsgi

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>It runs: Apache and mod_wsgi</title>
<style>
:root { color-scheme: light dark; --ink: #16302b; --paper: #f6f4ee; --leaf: #2f7d5b; --line: #d9d4c5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ede9; --paper: #10201c; --leaf: #6cc59b; --line: #2b443c; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink);
  font: 17px/1.6 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { width: min(44rem, 100%%); padding: 2.5rem 1.5rem; }
h1 { font-size: clamp(2rem, 7vw, 3.4rem); line-height: 1.1; margin: 0 0 .6rem; letter-spacing: -.02em; }
h1 em { font-style: normal; color: var(--leaf); }
table { width: 100%%; border-collapse: collapse; margin: 2rem 0; }
th, td { text-align: left; padding: .5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: 400; }
th { width: 11rem; opacity: .7; }
code, pre { font: .92em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
pre { padding: 1rem 1.2rem; border: 1px solid var(--line); border-left: 4px solid var(--leaf); border-radius: 6px; overflow: auto; }
a { color: var(--leaf); }
</style>
</head>
<body><main>
<h1>It runs.<br><em>Now give it your application.</em></h1>
<p>Apache serves this page from Python, through mod_wsgi, because the server was started without an application.</p>
<table>
%(rows)s
</table>
<pre>wsgictl start-server wsgi.py
wsgictl start-server --application-type module project.wsgi
wsgictl start-server --help</pre>
<p><a href="https://modwsgi.readthedocs.io/">mod_wsgi's documentation</a></p>
</main></body>
</html>
"""


def page():
    version = ".".join(str(part) for part in mod_wsgi.version)
    facts = [
        ("Python", "%s in <code>%s</code>" % (platform.python_version(), escape(sys.prefix))),
        ("mod_wsgi", escape(version)),
        ("Folder", "<code>%s</code>" % escape(os.getcwd())),
        ("Process", "%d, group <code>%s</code>" % (os.getpid(), escape(mod_wsgi.process_group or "(embedded)"))),
    ]
    rows = "\n".join("<tr><th>%s</th><td>%s</td></tr>" % fact for fact in facts)
    return (PAGE % {"rows": rows}).encode()


def application(environ, start_response):
    body = page()
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]
