package modwsgi

// pythonMessages are about Python: its start, its modules, its interpreters, its text encoding.
var pythonMessages = []subject{
	{Down, "Nothing that needs Python is served by the process.",
		"Look at the lines before it for the cause that Python gives: almost always a WSGIPythonHome or python-home that is not the root of a virtualenv or of a Python of the module's own version, or that the process may not read. With \"LookupError: unknown encoding\" it is the locale.",
		[]messageRow{
			{"WSGI0001", "Python did not start in a process of Apache.", nil},
			{"WSGI0002", "Python started, but could not be made ready, in a process of Apache.", nil},
			{"WSGI0028", "Python did not start in a daemon process.", nil},
			{"WSGI0029", "Python started, but could not be made ready, in a daemon process.", nil},
			{"WSGI0036", "Python refused its configuration.", []string{`Initializing Python failed`}},
			{"WSGI0038", "The main interpreter could not be made.", nil},
			{"no-encodings", "Python did not find its own standard library.",
				[]string{
					`Fatal Python error: init_fs_encoding`,
					`Fatal Python error: initfsencoding`,                                      // 3.7
					`Fatal Python error: Py_Initialize: unable to load the file system codec`, // 3.6
					`Fatal Python error: Py_Initialize: Unable to get the locale encoding`,
					`ModuleNotFoundError: No module named 'encodings'`,
					`ImportError: No module named 'encodings`,
					`ImportError: No module named encodings`, // 2.7
				}},
		}},
	{Down, "Python will probably not start: see the next lines.",
		"Set python-home or WSGIPythonHome to the root of the virtualenv (the folder of pyvenv.cfg), not to bin/python, lib or site-packages, and let the daemon's user enter every folder above it: chmod o+x, or a place outside of a home.",
		[]messageRow{
			{"WSGI0100", "The Python home does not exist, or a folder above it is closed to the process.", []string{`Unable to stat Python home`}},
			{"WSGI0101", "The Python home is a file, not a folder.", []string{`Python home * is not a directory`}},
			{"WSGI0102", "The Python home is closed to the process.", []string{`Python home * is not accessible`}},
		}},
	{Down, "The client got 500, and will until that is fixed: the application, or a package of it, cannot be loaded.",
		"Set WSGIApplicationGroup %{GLOBAL}, or application-group=%{GLOBAL} on the alias, and give each application a daemon group of its own.",
		[]messageRow{
			{"sub-interpreter", "A C extension does not work outside the main interpreter.",
				[]string{
					`Interpreter change detected`, // Cython
					`PyO3 modules do not yet support subinterpreters`,
					`PyO3 modules may only be initialized once per interpreter process`,
					`cannot load module more than once per process`, // NumPy
					`ImportError: module * does not support loading in subinterpreters`,
				}},
		}},
	{Degraded, "Usually nothing at first; results may be wrong, and requests may hang or crash the process.",
		"Set WSGIApplicationGroup %{GLOBAL}, or application-group=%{GLOBAL} on the alias, and give each application a daemon group of its own.",
		[]messageRow{
			{"numpy-sub-interpreter", "NumPy was imported outside the main interpreter, which it does not support.",
				[]string{`NumPy was imported from a Python sub-interpreter`}},
		}},
	{Down, "The client got 500, and will until that is fixed: the application, or a part of it, cannot be loaded.",
		"If it is a package: python-home must be the root of the virtualenv that has it, made by the Python version that the module was built for. If it is the project's own: set home or python-path to its folder.",
		[]messageRow{
			{"missing-module", "Python does not find a module that the application imports.",
				[]string{`ModuleNotFoundError: No module named`, `ImportError: No module named`}},
		}},
	{Degraded, "Usually nothing; C extensions, or the standard library, may misbehave when the two differ in more than the last number.",
		"After an update of Python: nothing, or build the module again where Python is linked statically. If the versions differ in X.Y, the wrong libpython is loaded: see \"wsgictl detect\".",
		[]messageRow{
			{"WSGI0099", "The module was compiled for another Python than the one it runs with.",
				[]string{`Compiled for Python/`, `Runtime using Python/`}},
		}},
	{Failing, "The client got 500.",
		"The lines before it tell what failed. If it concerns a named interpreter, WSGIApplicationGroup %{GLOBAL} avoids making one.",
		[]messageRow{
			{"WSGI0035", "An interpreter could not be made ready.", nil},
			{"WSGI0087", "The interpreter for the request could not be had.", []string{`Cannot acquire interpreter`}},
			{"WSGI0103", "An interpreter could not be made.", []string{`Cannot create interpreter`}},
			{"WSGI0040", "The interpreter that a script is loaded into at start could not be had; the first request will load it.", nil},
			{"WSGI0191", "A thread could not be bound to the interpreter.", nil},
		}},
	{Degraded, "Some of the application's modules may not be found.",
		"Check python-path and WSGIPythonPath: each entry a folder that the process may read, and a .pth file in it that is valid. If the site module itself is missing, the Python home is wrong.",
		[]messageRow{
			{"WSGI0091", "A folder of python-path could not be added; those after it were left out.", []string{`Call to 'site.addsitedir()' failed`}},
			{"WSGI0094", "Python's site module lacks addsitedir.", []string{`Unable to locate 'site.addsitedir()'`}},
			{"WSGI0095", "Python's site module could not be imported.", []string{`Unable to import 'site' module`}},
			{"WSGI0096", "sys.path could not be read.", []string{`Lookup for 'sys.path' failed`}},
		}},
	{Degraded, "The application runs; what it prints, reads, or does at exit or with signals may not be handled as usual.",
		"Look for an exception in the lines before it, often from a sitecustomize or a .pth file that replaces parts of the standard library.",
		[]messageRow{
			{"WSGI0090", "The function that runs at exit could not be registered.", []string{`Call to 'signal.signal()' to register exit function failed`}},
			{"WSGI0181", "The wrapper for threading's shutdown could not be put in place.", nil},
			{"WSGI0182", "The wrapper for threading's shutdown could not be made.", nil},
			{"WSGI0183", "The wrapper for signal.signal could not be put in place.", nil},
			{"WSGI0184", "The wrapper for signal.signal could not be made.", nil},
			{"WSGI0185", "sys.stderr could not be replaced by the error log.", nil},
			{"WSGI0186", "sys.stdout could not be replaced.", nil},
			{"WSGI0187", "sys.stdin could not be replaced.", nil},
			{"WSGI0188", "An exception was raised while an interpreter was made.", nil},
			{"WSGI0189", "sys.exit() was called while an interpreter was made, and ignored.", nil},
			{"ignored-signal", "The application registered a signal handler, which was ignored so that Apache can control the process.",
				[]string{`Callback registration for signal * ignored`, `Ignoring Python signal handler registration`}},
		}},
	{Degraded, "Nothing in requests; what should happen when a process exits may not have.",
		"See the traceback, and fix the function that the application, or a package of it, registered with atexit.",
		[]messageRow{
			{"WSGI0097", "A function that runs at exit called sys.exit(), which was ignored.", []string{`SystemExit exception raised by exit functions ignored`}},
			{"WSGI0098", "A function that runs at exit raised an exception.", []string{`Exception occurred within exit functions`, `Exception occurred within threading._shutdown`}},
			{"WSGI0130", "A function that runs at exit called sys.exit(), when mod_wsgi ran it.", nil},
			{"WSGI0131", "A function that runs at exit raised an exception, when mod_wsgi ran it.", nil},
			{"WSGI0111", "The main interpreter was gone when the process cleaned up.", nil},
			{"WSGI0192", "A thread could not be bound to an interpreter that was to be removed.", nil},
		}},
	{Degraded, "Whoever subscribed to mod_wsgi's events, often a monitoring agent, missed one.",
		"See the traceback, and fix or update the subscriber.",
		[]messageRow{
			{"WSGI0104", "The event that a process stops could not be published.", nil},
			{"WSGI0112", "A subscriber raised an exception.", []string{`Exception occurred within event callback`}},
			{"WSGI0190", "A subscriber called sys.exit(), which was ignored.", nil},
			{"WSGI0113", "The mod_wsgi module could not be imported to publish an event.", []string{`Unable to import mod_wsgi when publishing events`}},
			{"WSGI0114", "The list of subscribers could not be found.", []string{`Unable to find event subscribers`}},
			{"WSGI0209", "The event that a signal came could not be published.", nil},
		}},
	{Down, "Nothing that needs Python is served by the process.",
		"Set lang= and locale= of WSGIDaemonProcess, and LANG where Apache itself starts (/etc/apache2/envvars, the unit), to a UTF-8 locale that is installed, such as C.UTF-8 (\"locale -a\" lists them); leave PYTHONIOENCODING alone.",
		[]messageRow{
			{"locale-encoding", "Python could not set up its standard streams: it does not know the encoding that the locale, or PYTHONIOENCODING, names.",
				[]string{
					`Fatal Python error: init_stdio_encoding: `,
					`Fatal Python error: init_sys_streams: `,                                   // 3.7
					`Fatal Python error: Py_Initialize: can't initialize sys standard streams`, // 3.6
					`Fatal Python error: config_get_locale_encoding: `,
				}},
		}},
	{Failing, "The client got 500; at the start of a process Python does not start at all.",
		"Where it follows a \"Fatal Python error\", set lang= and locale= of WSGIDaemonProcess, and LANG where Apache itself starts, to a UTF-8 locale such as C.UTF-8, and leave PYTHONIOENCODING alone; else correct the encoding's name in the application.",
		[]messageRow{
			{"unknown-encoding", "Python does not know an encoding of the name that it was given.", []string{`LookupError: unknown encoding: `}},
		}},
	{Failing, "The client got 500 where text beyond ASCII was printed, logged, read, or in a file's name.",
		"Set lang= and locale= of WSGIDaemonProcess to a UTF-8 locale that is installed, such as C.UTF-8 (\"locale -a\" lists them).",
		[]messageRow{
			{"ascii-locale", "Python uses ASCII because the process has no UTF-8 locale.",
				[]string{
					`UnicodeEncodeError: 'ascii' codec can't encode`,
					`UnicodeDecodeError: 'ascii' codec can't decode`,
					`RuntimeError: Click will abort further execution because Python * was configured to use ASCII as encoding`,
					`RuntimeError: Click will abort further execution because Python 3 was configured to use ASCII`,
				}},
			{"surrogates", "A file's name, or an argument, was read under an ASCII locale and cannot be written as UTF-8.",
				[]string{`UnicodeEncodeError: 'utf-8' codec can't encode * surrogates not allowed`}},
		}},
	{Degraded, "Text beyond ASCII fails in what the application prints, logs, or names a file.",
		"Install the locale, or set locale= and lang= to one that is installed: \"locale -a\" lists them, and C.UTF-8 is almost always there.",
		[]messageRow{
			{"WSGI0079", "The locale that locale= names is not installed.", []string{`Unsupported locale setting`}},
			{"locale-missing", "The locale that the application asks for is not installed.", []string{`locale.Error: unsupported locale setting`}},
		}},
}
