"""Print, as JSON, which modules below the current folder make a web application.

They are parsed and not imported. Arguments are the files that applications
have by custom, the most telling first; or "--named", a folder to import from, a
file in it and a callable, empty for one to find. Of a callable that the file
cannot have, "lacks" is true, and the application is the one that it has.
"""

import ast
import json
import os
import stat
import sys

WSGI = {
    "flask.Flask": "Flask", "bottle.Bottle": "Bottle", "bottle.default_app": "Bottle", "falcon.App": "Falcon", "falcon.API": "Falcon",
    "django.core.wsgi.get_wsgi_application": "Django", "dash.Dash": "Dash", "a2wsgi.ASGIMiddleware": "wrapped ASGI",
    "tornado.wsgi.WSGIAdapter": "Tornado", "tornado.wsgi.WSGIApplication": "Tornado",
}
ASGI = {
    "fastapi.FastAPI": "FastAPI", "starlette.applications.Starlette": "Starlette", "quart.Quart": "Quart", "litestar.Litestar": "Litestar",
    "sanic.Sanic": "Sanic", "falcon.asgi.App": "Falcon", "django.core.asgi.get_asgi_application": "Django",
    "channels.routing.ProtocolTypeRouter": "Channels", "blacksheep.Application": "BlackSheep",
}
SERVERS = {"tornado.web.Application": "Tornado", "aiohttp.web.Application": "aiohttp"}  # applications for a server of their own
OTHER = "celery typer click cyclopts tkinter PyQt5 PyQt6 PySide6 textual kivy rq huey dramatiq discord".split()
KNOWN = {name.partition(".")[0] for name in [*WSGI, *ASGI, *SERVERS]}.union(OTHER)  # what else they make is no application

OBJECTS = ["application", "app", "api"]
FACTORIES = ["create_app", "make_app", "create_application"]
DYNAMIC = {"exec", "globals", "locals", "vars", "setattr", "execfile", "__getattr__", "*"}  # may bind any name
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
NOT_HERE = {"node_modules", "site-packages", "__pycache__"}
SELDOM = {"tests", "test", "docs", "examples"}  # packages to look at last


class Module:
    """What one file binds at its top level."""

    def __init__(self, root, path):
        self.root, self.path = root, path
        with open(os.path.join(root, path), "rb") as file:
            self.tree = ast.parse(file.read())
        self.bound = {}  # name: the node that binds it
        self.bases = {}  # name of a class: what it is derived from
        self.unsure = set()  # names that one of several branches binds
        self.runs = {}  # name: the line that calls its run()
        self.elsewhere = {}  # name: what it is in another module, as "flask.Flask"
        for node in ast.walk(self.tree):
            for name in node.names if isinstance(node, (ast.Import, ast.ImportFrom)) else []:
                self.elsewhere[name.asname or name.name.partition(".")[0]] = self.imported(node, name)
        self.bind(self.tree.body)

    def imported(self, node, name):
        if isinstance(node, ast.Import):
            return name.name if name.asname else name.name.partition(".")[0]
        package = self.path.split(os.sep)[: -node.level] if node.level else []
        return ".".join(package + ([node.module] if node.module else []) + [name.name])

    def bind(self, statements, branch=False):
        for node in statements:
            if isinstance(node, FUNCTION):
                self.bind_name(node.name, node, branch)
            elif isinstance(node, ast.ClassDef):
                self.bases[node.name] = node.bases
            elif isinstance(node, ast.ImportFrom):
                for name in node.names:
                    self.bind_name(name.asname or name.name, node, branch)
            elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value:
                for target in getattr(node, "targets", None) or [node.target]:
                    self.bind_name(getattr(target, "id", ""), node.value, branch)
            elif isinstance(node, ast.Expr):
                function = getattr(node.value, "func", None)
                if getattr(function, "attr", "") == "run":
                    self.runs[getattr(function.value, "id", "")] = node.lineno
            elif isinstance(node, ast.If) and "__main__" in ast.dump(node.test):
                self.bind(node.orelse, branch)
            else:  # if, try, with
                for part in ["body", "handlers", "orelse", "finalbody"]:
                    self.bind(getattr(node, part, []), True)

    def bind_name(self, name, node, branch):
        if branch and name in self.bound:
            self.unsure.add(name)
        else:
            self.unsure.discard(name)
        self.bound[name] = node

    def lacks(self, name):
        """Whether nothing in the file can bind that name, whatever it runs."""
        for node in ast.walk(self.tree):
            said = [getattr(node, field, None) for field in ["id", "name", "asname", "attr", "value"]]
            words = {word.partition(".")[0] for word in said if isinstance(word, str)}.union(getattr(node, "names", []) if isinstance(node, ast.Global) else [])
            if name in words or not DYNAMIC.isdisjoint(words):
                return False
        return True

    def dotted(self, node):
        """Give the full name of what an expression names: "flask.Flask"."""
        if isinstance(node, ast.Attribute):
            return self.dotted(node.value) + "." + node.attr
        name = getattr(node, "id", "")
        return self.elsewhere.get(name, name)

    def maker(self, name, depth=0):
        """Give the full name of what makes the object, or the factory's object, of that name.

        Empty where that cannot be told, None where it is no application.
        """
        node = self.bound.get(name)
        if node is None or depth > 9 or isinstance(node, (ast.Constant, ast.Dict, ast.List, ast.Tuple)):
            return None
        if name in self.unsure:
            return ""
        if isinstance(node, FUNCTION):
            return "async" if asks_for_scope(node) else "" if name in OBJECTS else self.returned(node, depth)
        if isinstance(node, ast.ImportFrom):
            return self.look_up(self.elsewhere[name], depth)
        if isinstance(node, ast.Name):
            return self.maker(node.id, depth + 1)
        return self.look_up(self.dotted(node.func), depth) if isinstance(node, ast.Call) else ""

    def returned(self, function, depth):
        """Give the first maker of an application that a function calls."""
        called = [self.look_up(self.dotted(node.func), depth) for node in ast.walk(function) if isinstance(node, ast.Call)]
        return next((name for name in called if is_maker(name)), "")

    def look_up(self, name, depth):
        """Give the maker behind a full name, which may be one of this project."""
        if is_maker(name):
            return name
        module, _, attribute = name.rpartition(".")
        if not module and attribute in self.bound:
            return self.maker(attribute, depth + 1)
        if not module and attribute in self.bases and depth < 9:
            makers = [self.look_up(self.dotted(base), depth + 1) for base in self.bases[attribute]]
            return next((maker for maker in makers if maker), "")
        for path in [module.replace(".", os.sep) + ".py", os.path.join(module.replace(".", os.sep), "__init__.py")]:
            if module and os.path.isfile(os.path.join(self.root, path)):
                return Module(self.root, path).maker(attribute, depth + 1) or ""
        return None if name.partition(".")[0] in KNOWN else ""

    def application(self, wanted):
        """Give the application that the file makes, as JSON; None without one."""
        for name in [wanted.partition("(")[0]] if wanted else OBJECTS + FACTORIES + self.only_instance():
            maker = self.maker(name)
            if maker is None or not maker and name == "api":
                continue
            node = self.bound[name]
            factory = isinstance(node, FUNCTION) and name not in OBJECTS or name in FACTORIES
            return {
                "file": os.path.relpath(os.path.join(self.root, self.path)), "root": self.root, "module": dotted_path(self.path),
                "callable": wanted if "(" in wanted else name + (".server" if WSGI.get(maker) == "Dash" else "()" if factory else ""),
                "framework": WSGI.get(maker) or ASGI.get(maker) or SERVERS.get(maker, ""), "asgi": maker in ASGI or maker == "async", "server": maker in SERVERS,
                "needs": required(node) if factory and isinstance(node, FUNCTION) and not wanted.endswith(")") else "", "runs": self.runs.get(name, 0),
            }
        return None

    def only_instance(self):
        """Give the name of the one object of a known framework, as Flask looks for it."""
        names = [name for name, node in self.bound.items() if name and isinstance(node, ast.Call) and self.maker(name) in WSGI]
        return names if len(names) == 1 else []


def is_maker(name):
    return name in WSGI or name in ASGI or name in SERVERS


def asks_for_scope(function):
    """Whether a function that nothing wraps can only be called as ASGI servers do."""
    arguments = function.args
    needed = len(arguments.args) - len(arguments.defaults)
    return not function.decorator_list and (isinstance(function, ast.AsyncFunctionDef) or needed == 3 and function.name in OBJECTS)


def required(function):
    """Name the arguments that a factory cannot do without."""
    arguments = function.args
    names = [argument.arg for argument in getattr(arguments, "posonlyargs", []) + arguments.args]
    needed = names[: len(names) - len(arguments.defaults)]
    needed += [argument.arg for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults) if default is None]
    return ", ".join(needed)


def dotted_path(path):
    parts = os.path.splitext(path)[0].split(os.sep)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def look(root, names):
    """Give the applications of the files in a folder and in its packages, in the order of likelihood."""
    found = []
    folders = [name for name in sorted(os.listdir(root)) if os.path.isfile(os.path.join(root, name, "__init__.py"))]
    paths = list(names)
    for folder in sorted(folders, key=SELDOM.__contains__):
        paths += [os.path.join(folder, name) for name in ["__init__.py"] + names if os.sep not in name]
    for path in paths:
        if os.path.isfile(os.path.join(root, path)):
            found.append(application(root, path, ""))
    return [application for application in found if application]


def application(root, path, wanted):
    """Give the application of one file, or what keeps Python from reading it."""
    file = os.path.relpath(os.path.join(root, path))
    try:
        return Module(root, path).application(wanted)
    except OSError as error:
        return {"file": file, "broken": error.strerror}
    except (SyntaxError, ValueError) as error:
        return {"file": file, "broken": "line %s: %s" % (getattr(error, "lineno", 0), getattr(error, "msg", error))}


def others(root, names):
    """Give the applications of files whose names tell nothing."""
    rest = [name for name in sorted(os.listdir(root)) if name.endswith(".py") and name not in names + ["manage.py", "setup.py"]]
    return [application for application in look(root, rest) if application.get("framework")]


def below(names):
    """Give the first folders, two levels deep, that hold an application of their own.

    Three are enough to show the way; "/" may have hundreds. Nothing is named
    below a folder such as /tmp, where anybody may put an application.
    """
    found = []
    for folder, folders, files in os.walk("."):
        if len(found) == 3:
            break
        if folder != "." and is_open(folder):
            folders.clear()
            continue
        if folder.count(os.sep) >= 2 or "pyvenv.cfg" in files:
            folders.clear()
        folders[:] = sorted(name for name in folders if name not in NOT_HERE and not name.startswith("."))
        if folder == "." or "pyvenv.cfg" in files or "__init__.py" in files and "manage.py" not in files:
            continue
        if "manage.py" in files or any(name.endswith(".wsgi") for name in files) or usable(look(folder, names)):
            found.append(os.path.relpath(folder))
    return found


def is_open(folder):
    """Whether anybody may write to a folder, or it went away meanwhile."""
    try:
        return bool(os.stat(folder).st_mode & stat.S_IWOTH)
    except OSError:
        return True


def usable(applications):
    return [a for a in applications if not ("broken" in a or a["asgi"] or a["server"] or a["needs"])]


def named(root, path, wanted):
    found = application(root, path, wanted)
    lacks = bool(wanted) and not found and Module(root, path).lacks(wanted.partition("(")[0].partition(".")[0])
    if lacks:
        found = application(root, path, "")
    print(json.dumps({"applications": [found] if found else [], "lacks": lacks}))


def main(names):
    found = look(".", names)
    if not usable(found):
        found += others(".", names)
    if not usable(found) and os.path.isdir("src"):
        found += look("src", names)
    print(json.dumps({"applications": found, "folders": [] if found else below(names)}))


named(*sys.argv[2:]) if sys.argv[1] == "--named" else main(sys.argv[1:])
