package modwsgi

// settingMessages are about settings without effect.
var settingMessages = []subject{
	{Degraded, "No metrics are sent.",
		"Start the collector before Apache, and let Apache's and the daemons' users write to the socket that WSGITelemetryService names. While it is configured, mod_wsgi.request_metrics() and process_metrics() give None: an exporter inside of the application sees nothing.",
		[]messageRow{
			{"WSGI0132", "The socket for telemetry could not be opened.", nil},
			{"WSGI0133", "The thread that sends telemetry could not be started.", nil},
		}},
	{Degraded, "The directive has no effect.",
		"Remove it, or build the module for a Python that has the feature: 3.12 for a lock per interpreter, a free-threaded 3.13 for none at all.",
		[]messageRow{
			{"WSGI0198", "WSGIPerInterpreterGIL is on, and Python is older than 3.12.", nil},
			{"WSGI0199", "A switch interval was asked for one interpreter that shares Python's lock with others.", nil},
			{"WSGI0200", "WSGIFreeThreading is on, and this Python cannot do without its lock.", nil},
			{"WSGI0201", "WSGIFreeThreading stands in a section for an application group, and holds only for whole processes.", nil},
			{"WSGI0202", "A lock per interpreter was asked for in a process that has none.", nil},
			{"WSGI0203", "A switch interval was asked for in a process without a lock.", nil},
			{"WSGI0204", "switch-interval was asked for in a daemon process without a lock.", nil},
			{"WSGI0205", "A switch interval was asked for one interpreter in a process without a lock.", nil},
			{"no-verbose-debugging", "WSGIVerboseDebugging has no effect since mod_wsgi 6.", []string{`WSGIVerboseDebugging is deprecated`}},
		}},
}
