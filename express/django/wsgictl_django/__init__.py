"""Put "wsgictl_django" into INSTALLED_APPS to get "python manage.py runwsgictl"."""
