# Prints what a Django project's settings say about serving it, as JSON.
# Arguments are folders to import from.
import importlib.util
import json
import os
import re
import sys

sys.path[:0] = [os.getcwd()] + sys.argv[1:]
sys.dont_write_bytecode = True

from django.conf import settings


def settings_of(application):
    """Give the settings that the module of the application falls back to."""
    spec = importlib.util.find_spec(application.rpartition(".")[0]) if "." in application else None
    if not spec or not spec.has_location:
        return ""
    with open(spec.origin, encoding="utf-8") as file:
        named = re.search(r"""DJANGO_SETTINGS_MODULE["']\s*(?:,|\]\s*=)\s*["']([\w.]+)["']""", file.read())
    return named.group(1) if named else ""


facts = {
    "application": settings.WSGI_APPLICATION or "",
    "asgi": getattr(settings, "ASGI_APPLICATION", None) or "",
    "settings": settings_of(settings.WSGI_APPLICATION or ""),
    "static_url": getattr(settings, "_wrapped", settings).STATIC_URL or "",  # without the prefix of this process
    "static_root": str(settings.STATIC_ROOT or ""),
    "whitenoise": any("whitenoise" in name.lower() for name in settings.MIDDLEWARE),
}
sys.stdout.write("\n" + json.dumps(facts))
sys.stdout.flush()
os._exit(0)  # whatever threads the settings have started
