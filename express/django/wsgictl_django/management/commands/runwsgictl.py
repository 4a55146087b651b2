"""Serve this project with Apache and mod_wsgi, by wsgictl start-server."""

import os
import sys

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Serves this project with Apache and mod_wsgi. Takes the options of wsgictl start-server."

    def run_from_argv(self, argv):
        """Become wsgictl, which reads the settings and finds the rest.

        Django has put --settings into the environment by now.
        """
        words = ["wsgictl", "start-server", "--working-directory", os.path.dirname(os.path.abspath(argv[0]))]
        if sys.prefix != sys.base_prefix:
            words += ["--venv", sys.prefix]
        become(words + translated(argv[2:]))

    def print_help(self, prog_name, subcommand):
        """Show the options, as "manage.py help runwsgictl" asks for."""
        become(["wsgictl", "start-server", "--help"])


def become(words):
    try:
        os.execvp(words[0], words)
    except FileNotFoundError:
        sys.exit("runwsgictl: there is no wsgictl on PATH; install it, or add its folder to PATH")


def translated(words):
    """Leave out the settings, and give --pythonpath the name that it has there."""
    kept = []
    words = iter(words)
    for word in words:
        name, equals, value = word.partition("=")
        if name not in ("--settings", "--pythonpath"):
            kept.append(word)
            continue
        value = value if equals else next(words, "")
        if name == "--pythonpath":
            kept += ["--python-path", os.path.abspath(value)]
    return kept
