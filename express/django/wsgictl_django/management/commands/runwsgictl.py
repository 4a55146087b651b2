"""Serve this project with Apache and mod_wsgi, by wsgictl start-server."""

import os
import sys

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Serves this project with Apache and mod_wsgi. Takes the options of wsgictl start-server."

    def run_from_argv(self, argv):
        """Become wsgictl, which reads the settings and finds the rest.

        Django has put --settings and --pythonpath into the environment by now.
        """
        words = ["wsgictl", "start-server", "--working-directory", os.path.dirname(os.path.abspath(argv[0]))]
        if sys.prefix != sys.base_prefix:
            words += ["--venv", sys.prefix]
        try:
            os.execvp(words[0], words + without_own(argv[2:]))
        except FileNotFoundError:
            sys.exit("runwsgictl: there is no wsgictl on PATH; install it, or add its folder to PATH")


def without_own(words):
    """Leave out the options that Django itself has used."""
    kept = []
    words = iter(words)
    for word in words:
        if word in ("--settings", "--pythonpath"):
            next(words, None)
        elif not word.startswith(("--settings=", "--pythonpath=")):
            kept.append(word)
    return kept
