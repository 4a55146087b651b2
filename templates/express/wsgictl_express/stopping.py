"""Say in the error log why a process was stopped in the middle of requests.

mod_wsgi says so at a level that few servers log, and not that a slow client can
be the cause.
"""

import sys

import mod_wsgi

LINE = (
    "wsgictl: replacing this process, which cuts off %d of its requests: one took longer than --request-timeout %d."
    " Either the application is stuck, or a client sends or receives slowly, whose time counts too."
    " For slow clients raise --request-timeout; --log-level info shows where the threads are."
)


def explain(seconds):
    """Have the end of this process explained; seconds is request-timeout."""

    def tell(name, shutdown_reason="", **event):
        if shutdown_reason == "request_timeout":
            print(LINE % (len(mod_wsgi.active_requests), seconds), file=sys.stderr, flush=True)

    mod_wsgi.subscribe_shutdown(tell)
