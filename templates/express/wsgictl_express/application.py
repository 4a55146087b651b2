"""Load a WSGI application and call it with the paths that it expects."""

import importlib
import os
import sys
import types


class LoadError(Exception):
    """The entry point was read, but holds no WSGI application."""


def load(kind, entry_point, name):
    """Give the application and the file that it comes from.

    kind is "script" (a file), "module" ("package.module" or
    "package.module:callable") or "paste" (an ini file, of which name is not
    asked for).
    """
    if kind == "paste":
        try:
            from paste.deploy import loadapp
        except ImportError as error:
            if error.name not in ("paste", "paste.deploy"):
                raise
            raise LoadError("an application of type paste needs the package pastedeploy: pip install pastedeploy") from None
        return loadapp("config:" + entry_point), entry_point
    if kind == "module":
        entry_point, colon, attribute = entry_point.partition(":")
        module = importlib.import_module(entry_point)
        return find(module, attribute if colon else name), source_of(module)
    return find(run_script(entry_point, "__wsgi__"), name), entry_point


def run_script(path, name):
    """Run a file as a module of that name."""
    module = types.ModuleType(name)
    module.__file__ = path
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec", dont_inherit=True)
    sys.modules[name] = module
    try:
        exec(code, module.__dict__)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def find(module, name):
    """Give the callable of that name.

    Dots in the name lead to attributes; "()" behind it calls a function that
    makes the application, "('production', debug=True)" with arguments.
    """
    name, call, arguments = name.partition("(")
    found = module
    try:
        for part in name.split("."):
            found = getattr(found, part)
    except AttributeError:
        others = [key for key in ("application", "app", "api", "create_app") if callable(getattr(module, key, None))]
        hint = "; there is %r: name it with --callable-object" % others[0] if others else ""
        raise LoadError("%s has no %r%s" % (module.__file__, name, hint)) from None
    if call:
        positional, named = literals(call + arguments)
        found = found(*positional, **named)
    if is_asgi(found):
        raise LoadError(
            "%r in %s is an ASGI application, which mod_wsgi cannot run: wrap it, such as with a2wsgi.ASGIMiddleware, "
            "or use an ASGI server" % (name, module.__file__)
        )
    if not callable(found):
        raise LoadError("%r in %s is no callable but %r" % (name, module.__file__, type(found).__name__))
    return found


def literals(arguments):
    """Give the positional and the named arguments of a call, which are literals."""
    if arguments == "()":
        return [], {}
    import ast  # costs each process some memory

    call = ast.parse("call" + arguments, mode="eval").body
    return [ast.literal_eval(node) for node in call.args], {word.arg: ast.literal_eval(word.value) for word in call.keywords}


def is_asgi(application):
    """Whether calling the application would only give a coroutine.

    This is inspect.iscoroutinefunction without inspect, which costs each
    process a megabyte.
    """
    for function in (application, getattr(type(application), "__call__", None)):
        code = getattr(getattr(function, "__func__", function), "__code__", None)
        if code is not None and code.co_flags & 0x80:  # CO_COROUTINE
            return True
    return False


def source_of(module):
    """Give the file to watch for changes of a module; None without one."""
    path = getattr(module, "__file__", None)
    if path and path.endswith((".pyc", ".pyo")):
        return path[:-1]
    return path


def at_mount_point(application, mount_point):
    """Wrap an application that Apache falls back to where no file is.

    Apache then takes the whole path for the script's. It becomes PATH_INFO
    again, below SCRIPT_NAME, which is the mount point; or what a proxy header
    set it to (mod_wsgi.mount_point), which stays.
    """
    mount = mount_point.rstrip("/")

    def at_root(environ, start_response):
        if "mod_wsgi.mount_point" in environ:
            environ["PATH_INFO"] = environ["mod_wsgi.script_name"] + environ["PATH_INFO"]
        else:
            environ["PATH_INFO"] = environ["SCRIPT_NAME"] + environ["PATH_INFO"]
            environ["SCRIPT_NAME"] = ""
        return application(environ, start_response)

    def below(environ, start_response):
        proxied = "mod_wsgi.mount_point" in environ
        path = environ["mod_wsgi.script_name" if proxied else "SCRIPT_NAME"] + environ["PATH_INFO"]
        inside = path == mount or path.startswith(mount + "/")
        environ["PATH_INFO"] = path[len(mount):] if inside else path
        if not proxied:
            environ["SCRIPT_NAME"] = mount if inside else ""
        return application(environ, start_response)

    return below if mount else at_root


def changed_since_load(path):
    """Give a function that tells whether the file is another than now."""

    def modified():
        try:
            return os.stat(path).st_mtime_ns
        except (OSError, TypeError):
            return None

    loaded = modified()
    return lambda resource: modified() != loaded
