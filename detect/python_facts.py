# Prints one JSON object of facts about the interpreter that runs it: every
# value a string. It must run under Python 2.7 and every 3.x, with -S (no site,
# so no code of the virtual environment), and fast: the json module would take
# longer to import than all the rest, and sysconfig half of it.
import sys

names = (
    "ABIFLAGS", "CC", "CCSHARED", "CFLAGS", "EXT_SUFFIX", "INCLUDEPY",
    "INSTSONAME", "LDFLAGS", "LDLIBRARY", "LDSHARED", "LDVERSION", "LIBDIR",
    "LIBPL", "LIBRARY", "LIBS", "PYTHONFRAMEWORKPREFIX",
    "Py_DEBUG", "Py_ENABLE_SHARED", "Py_GIL_DISABLED", "SOABI", "SYSLIBS",
)


def from_table():
    """What sysconfig would say on Linux, from the table that it reads."""
    import posix
    table = __import__("_sysconfigdata_%s_%s_%s" % (sys.abiflags, sys.platform, sys.implementation._multiarch))
    config = table.build_time_vars
    system = posix.uname()
    return config, "linux-" + system.machine, table.__file__.rpartition("/")[0]


def from_sysconfig():
    import sysconfig
    return sysconfig.get_config_vars(), sysconfig.get_platform(), sysconfig.get_path("platstdlib")


if sys.platform == "linux" and "sysconfig" not in sys.argv:
    try:
        config, platform, platstdlib = from_table()
    except (AttributeError, ImportError):
        config, platform, platstdlib = from_sysconfig()
else:
    config, platform, platstdlib = from_sysconfig()

facts = dict((name, config[name]) for name in names if config.get(name) is not None)
levels = {"alpha": "a", "beta": "b", "candidate": "rc", "final": ""}
facts["version"] = "%d.%d.%d" % sys.version_info[:3] + levels[sys.version_info[3]]
if sys.version_info[3] != "final":
    facts["version"] += str(sys.version_info[4])
implementation = getattr(sys, "implementation", None)
facts["implementation"] = implementation.name if implementation else "cpython"
facts["prefix"] = sys.prefix
facts["base_prefix"] = getattr(sys, "base_prefix", sys.prefix)
facts["platform"] = platform
facts["platstdlib"] = platstdlib


def quoted(value):
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"%s"' % text.replace("\n", "\\n").replace("\t", "\\t")


members = ["%s:%s" % (quoted(name), quoted(facts[name])) for name in sorted(facts)]
sys.stdout.write("{%s}" % ",\n".join(members))
