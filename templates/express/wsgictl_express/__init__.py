"""What handler.wsgi and resource.wsgi of a server root run on.

Each module does one thing and is imported only when an option asks for it:
application loads and calls the entry point, reloader watches files, debugger,
recorder, coverage and profiler wrap the application in debug mode.
"""
