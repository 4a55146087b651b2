# Prints what a Django project's settings say about serving it, as JSON.
import json
import os
import sys

sys.path.insert(0, os.getcwd())
sys.dont_write_bytecode = True

from django.conf import settings

facts = {
    "application": settings.WSGI_APPLICATION or "",
    "static_url": settings.STATIC_URL or "",
    "static_root": str(settings.STATIC_ROOT or ""),
    "whitenoise": any("whitenoise" in name.lower() for name in settings.MIDDLEWARE),
}
sys.stdout.write("\n" + json.dumps(facts))
