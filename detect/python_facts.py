# Prints one JSON object of facts about the interpreter that runs it: every
# value a string. It must run under Python 2.7 and every 3.x, with -S (no site,
# so no code of the virtual environment), and fast: the json module alone
# would take longer to import than all the rest.
import sys
import sysconfig

config = sysconfig.get_config_vars()
names = (
    "ABIFLAGS", "CC", "CCSHARED", "CFLAGS", "EXT_SUFFIX", "INCLUDEPY",
    "INSTSONAME", "LDFLAGS", "LDLIBRARY", "LDSHARED", "LDVERSION", "LIBDIR",
    "LIBPL", "LIBRARY", "LIBS", "PYTHONFRAMEWORKPREFIX",
    "Py_DEBUG", "Py_ENABLE_SHARED", "Py_GIL_DISABLED", "SOABI", "SYSLIBS",
)
facts = dict((name, config[name]) for name in names if config.get(name) is not None)

levels = {"alpha": "a", "beta": "b", "candidate": "rc", "final": ""}
facts["version"] = "%d.%d.%d" % sys.version_info[:3] + levels[sys.version_info[3]]
if sys.version_info[3] != "final":
    facts["version"] += str(sys.version_info[4])
implementation = getattr(sys, "implementation", None)
facts["implementation"] = implementation.name if implementation else "cpython"
facts["prefix"] = sys.prefix
facts["base_prefix"] = getattr(sys, "base_prefix", sys.prefix)
facts["platform"] = sysconfig.get_platform()
facts["platstdlib"] = sysconfig.get_path("platstdlib")


def quoted(value):
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"%s"' % text.replace("\n", "\\n").replace("\t", "\\t")


members = ["%s:%s" % (quoted(name), quoted(facts[name])) for name in sorted(facts)]
sys.stdout.write("{%s}" % ",\n".join(members))
