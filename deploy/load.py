# Loads the application of a release as a daemon process of mod_wsgi would.
import json
import os
import sys
import types

order = json.loads(sys.stdin.read())
sys.stdin.close()
if sys.path and sys.path[0] == "":  # of -c
    del sys.path[0]
sys.path[:0] = order["paths"]

stand_in = sys.modules["mod_wsgi"] = types.ModuleType("mod_wsgi")
stand_in.version = (5, 0, 2)
stand_in.process_group, stand_in.application_group = order["group"], ""
stand_in.maximum_processes = stand_in.threads_per_process = 1
for name in ("subscribe_events", "subscribe_shutdown", "request_metrics", "process_metrics", "server_metrics", "active_requests"):
    setattr(stand_in, name, lambda *arguments, **named: None)

module = types.ModuleType("_mod_wsgi_release")
module.__file__ = order["script"]
sys.modules[module.__name__] = module
exec(compile(order["text"], order["script"], "exec", dont_inherit=True), module.__dict__)
if not callable(getattr(module, order["callable"], None)):
    raise TypeError("%s is no application" % order["callable"])
sys.stdout.flush()
sys.stderr.flush()
os._exit(0)  # whatever threads the application has started
