"""The welcome page of a server that was given no application.

Anybody may see it, so that it tells nothing of the machine: what serves was said
where the server was started.
"""

PAGE = b"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>It runs: Apache and mod_wsgi</title>
<style>
:root { color-scheme: light dark; --ink: #16302b; --paper: #f6f4ee; --leaf: #2f7d5b; --line: #d9d4c5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ede9; --paper: #10201c; --leaf: #6cc59b; --line: #2b443c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.6 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 14vh 1.5rem 2.5rem; overflow-wrap: anywhere; }
h1 { font-size: clamp(1.8rem, 7vw, 3.4rem); line-height: 1.1; margin: 0 0 .6rem; letter-spacing: -.02em; }
h1 em { font-style: normal; color: var(--leaf); }
pre { font: .92em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; white-space: pre-wrap; margin: 2rem 0;
  padding: 1rem 1.2rem; border: 1px solid var(--line); border-left: 4px solid var(--leaf); border-radius: 6px; }
a { color: var(--leaf); }
</style>
</head>
<body><main>
<h1>It runs.<br><em>Now give it your application.</em></h1>
<p>Apache serves this page from Python, through mod_wsgi, because the server was started without an application.
Which Python and which virtualenv serve was said where it was started.</p>
<pre>wsgictl start-server wsgi.py
wsgictl start-server --application-type module project.wsgi
wsgictl start-server --help</pre>
<p><a href="https://modwsgi.readthedocs.io/">mod_wsgi's documentation</a></p>
</main></body>
</html>
"""


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(PAGE)))])
    return [PAGE]
