# Prints one JSON object of facts about the interpreter that runs it. It must
# run under Python 2.7 and every 3.x, with -S (no site, so no code of the
# virtual environment) and without any module beyond json, sys, sysconfig, os.
import json
import os
import sys
import sysconfig

config = sysconfig.get_config_vars()
names = (
    "ABIFLAGS", "CC", "CCSHARED", "CFLAGS", "EXT_SUFFIX", "INCLUDEPY",
    "INSTSONAME", "LDFLAGS", "LDLIBRARY", "LDSHARED", "LDVERSION", "LIBDIR",
    "LIBPL", "LIBRARY", "LIBS", "MULTIARCH", "PYTHONFRAMEWORKPREFIX",
    "Py_DEBUG", "Py_ENABLE_SHARED", "Py_GIL_DISABLED", "SOABI", "SYSLIBS",
)
facts = {name: str(config[name]) for name in names if config.get(name) is not None}
implementation = getattr(sys, "implementation", None)
facts.update(
    executable=sys.executable,
    version="%d.%d.%d" % sys.version_info[:3] + (
        "" if sys.version_info[3] == "final"
        else {"alpha": "a", "beta": "b", "candidate": "rc"}[sys.version_info[3]] + str(sys.version_info[4])),
    implementation=implementation.name if implementation else "cpython",
    prefix=sys.prefix,
    base_prefix=getattr(sys, "base_prefix", sys.prefix),
    platform=sysconfig.get_platform(),
    platstdlib=sysconfig.get_path("platstdlib"),
)
sys.stdout.write(json.dumps(facts, sort_keys=True))
