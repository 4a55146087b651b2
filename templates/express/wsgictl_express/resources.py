"""Serve files of some extensions by WSGI scripts."""

import os
import re

from . import application


class Resources:
    """Dispatches by the extension of the file that was asked for."""

    def __init__(self, scripts):
        self.modules = {}
        for extension, script in scripts:
            name = "__wsgi_resource%s__" % re.sub(r"\W", "_", extension)
            self.modules[extension] = application.run_script(script, name)

    def reload_required(self, resource):
        module = self.modules.get(os.path.splitext(resource)[1])
        asked = getattr(module, "reload_required", None)
        return asked(resource) if asked else False

    def handle_request(self, environ, start_response):
        module = self.modules[os.path.splitext(environ["SCRIPT_NAME"])[1]]
        handler = getattr(module, "handle_request", None) or module.application
        return handler(environ, start_response)
