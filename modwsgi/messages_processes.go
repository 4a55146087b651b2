package modwsgi

// processMessages are about what stops daemon processes, and what breaks
// between them and Apache.
var processMessages = []subject{
	{Failing, "The client got 502 (500 before mod_wsgi 6), and whatever else the process was serving was lost with it.",
		"Look for what stopped the process in the lines just before: a signal (AH00052: a crash, often of a C extension outside %{GLOBAL}, or two copies of a library such as libssl in one process), the kernel's out-of-memory killer in the system log, or a timer of mod_wsgi (request-timeout, deadlock-timeout; logged at level info only). Only before mod_wsgi 6 can the same text also mean a response header that is too long: see header-buffer-size.",
		[]messageRow{
			{"WSGI0146", "The daemon process exited, or closed the connection, before the response had begun.",
				[]string{`Truncated or oversized response headers received from daemon process`}},
			{"WSGI0147", "The connection to the daemon process was reset before the response had begun: usually the process died.", nil},
		}},
	{Failing, "The client got 500.",
		"Marked [wsgi:error], or [error] by Apache 2.2, it is mod_wsgi up to 4.1 that says so of a daemon process: look for what stopped it in the lines just before, a signal (AH00052) or a timer. Marked [cgi:error] or [cgid:error] the script does not run under mod_wsgi at all, but as a program: WSGIScriptAlias instead of ScriptAlias or AddHandler cgi-script.",
		[]messageRow{
			{"no-headers", "The process that ran the script exited before it had sent the headers of a response.", []string{
				`End of script output before headers: `,
				`Premature end of script headers: `, // Apache 2.2
			}},
		}},
	{Failing, "The client got 504 while the application may still be at work.",
		"Find out what the application waits for: a slow or unreachable database or service, a lock, a C extension that hangs outside %{GLOBAL}. Give it time limits of its own, set request-timeout so that stuck processes are replaced, and raise socket-timeout only for requests that may take that long.",
		[]messageRow{
			{"WSGI0145", "The application sent nothing for as long as socket-timeout (without it Apache's Timeout) allows.",
				[]string{`Timeout when reading response headers from daemon process`, `Script timed out before returning headers: `}},
		}},
	{Failing, "The client got 504 for a request that the application never saw.",
		"All threads were busy for longer than queue-timeout: find what is slow first (request-timeout logs where threads are stuck); add processes or threads only if the machine has room.",
		[]messageRow{
			{"WSGI0084", "The request had waited longer than queue-timeout for a free thread, and was thrown away.",
				[]string{`Queue timeout expired for WSGI daemon process`}},
		}},
	{Down, "The client got 503, and will until that is fixed.",
		"Apache's User may not enter the socket's folder, or not write to the socket: point WSGISocketPrefix at a folder that it can enter, such as /run/wsgi, or set socket-user where mpm-itk or mod_ruid2 changes the user of a request. Neither listen-backlog nor more threads help. Under SELinux see the audit log as well.",
		[]messageRow{
			{"socket-denied", "Apache has no right to the socket of the daemon process.", []string{
				`(*)Permission denied: Unable to connect to WSGI daemon process`,
				`(*)Permission denied: WSGI0116: `,
				`(*)Permission denied: WSGI0117: `,
				`(*)Operation not permitted: Unable to connect to WSGI daemon process`,
				`(*)Operation not permitted: WSGI0117: `,
			}},
		}},
	{Failing, "The client got 503.",
		"Either the daemon group does not start: see its own messages. Or Apache was reloaded while the request waited, which gives the sockets new names: WSGISocketRotation Off keeps them. Or something cleans the folder of the socket: point WSGISocketPrefix at /run/wsgi instead of a folder for temporary files.",
		[]messageRow{
			{"socket-gone", "The socket of the daemon process does not exist.", []string{
				`(*)No such file or directory: Unable to connect to WSGI daemon process`,
				`(*)No such file or directory: WSGI0116: `,
				`(*)No such file or directory: WSGI0117: `,
			}},
		}},
	{Failing, "The client got 503 for a request that the application never saw.",
		"Find what is slow first (request-timeout logs where threads are stuck), and let queue-timeout throw away what has waited too long; add processes or threads only if the machine has room. A longer listen-backlog only makes the wait longer.",
		[]messageRow{
			{"backlog-full", "Every thread of the daemon group is busy, and listen-backlog is full.", []string{
				`(*)Resource temporarily unavailable: Unable to connect to WSGI daemon process`,
				`(*)Resource temporarily unavailable: WSGI0116: `,
			}},
		}},
	{Failing, "The client got 503.",
		"The system's error before it tells more. \"Permission denied\" is a matter of rights to the socket's folder, which WSGISocketPrefix names; with \"No such file\" the daemon group is not running: see its own messages; with \"Resource temporarily unavailable\" (on BSD and macOS \"Connection refused\") every thread is busy and listen-backlog is full.",
		[]messageRow{
			{"WSGI0116", "The daemon process could not be reached within connect-timeout: its queue is full, or its socket is gone.",
				[]string{`Unable to connect to WSGI daemon process '*' on '*' after multiple attempts`}},
			{"WSGI0117", "Apache was not let in, or found nobody, at the socket of the daemon process.",
				[]string{`Unable to connect to WSGI daemon process '*' on '*' as user with uid`}},
		}},
	{Failing, "The client got 500.",
		"The system has no more to give: check memory and the limit on open files of Apache (ulimit -n, systemd's LimitNOFILE).",
		[]messageRow{
			{"WSGI0115", "Apache could not make a socket to reach the daemon process with.",
				[]string{`Unable to create socket to connect to WSGI daemon process`}},
		}},
	{Note, "Whoever asked did not wait for the answer.",
		"Nothing: no failure of the application. Many of them in a short time tell that the application is so slow that people, or a proxy with a shorter timeout, give up.",
		[]messageRow{
			{"client-gone", "The client went away, or was too slow, while it sent its request or took the response.", []string{
				`Apache/mod_wsgi failed to write response data: `, // 4.x and 5.x
				`Apache/mod_wsgi client connection closed`,
				`Apache/mod_wsgi request data read error: `,
				`mod_wsgi failed to write response data: `, // 6.x
				`mod_wsgi client connection closed`,
				`mod_wsgi request data read error: `,
				`IOError: failed to write data`, // 3.x
				`IOError: client connection closed`,
				`IOError: request data read error`,
			}},
			{"WSGI0126", "The client went away while it sent the body of its request.",
				[]string{`Request data read error when proxying data to daemon process`}},
			{"WSGI0128", "The client went away while it sent the rest of its request's body, which the application had not read.", nil},
		}},
	{Failing, "The application got only a part of the request's body, and the client an error.",
		"Slow clients and large uploads need RequestReadTimeout with a MinRate that they reach (mod_reqtimeout), and Timeout above the longest pause.",
		[]messageRow{
			{"upload-timeout", "The client paused for too long, or was too slow, while it sent the body of its request.", []string{
				`Request data read error when proxying data to daemon process: The timeout specified has expired`,
				`WSGI0126: Request data read error when proxying data to daemon process: The timeout specified has expired`,
				`WSGI0128: Request data read error when proxying data to daemon process: The timeout specified has expired`,
			}},
		}},
	{Failing, "The client got an error although its request may have been fine.",
		"A daemon process exited while it took the request. If it repeats, see what stops it, or what changes the script file so often.",
		[]messageRow{
			{"WSGI0121", "The connection to the daemon process broke while the request was handed over.",
				[]string{`Unable to send request details to WSGI daemon process`}},
			{"WSGI0125", "The connection to the daemon process broke while the request was handed over again after a restart.", nil},
			{"WSGI0122", "The daemon process answered the hand-over with something unexpected.",
				[]string{`Unexpected status from WSGI daemon process`}},
			{"WSGI0123", "The daemon process answered the hand-over with something unexpected.", nil},
			{"WSGI0124", "The request met a restarting process at each attempt.",
				[]string{`Maximum number of WSGI daemon process restart connects reached`}},
			{"WSGI0080", "The daemon process could not read the request that Apache sent.",
				[]string{`Unable to read WSGI request`}},
		}},
	{Failing, "The application got only a part of the request's body, and the client an error or nothing.",
		"The daemon process did not take the body: it was stopped, see the lines just before, or the application answered before it had read all. Where nothing else stopped it, request-timeout may have, since it counts the time of a slow client: mod_wsgi says so at level info only.",
		[]messageRow{
			{"WSGI0127", "Writing the request's body to the daemon process failed.",
				[]string{`Request data write error when proxying data to daemon process`}},
			{"WSGI0129", "Writing the rest of the request's body to the daemon process failed.", nil},
		}},
	{Failing, "The client got a part of the response.",
		"With \"Connection reset by peer\" look for what stopped the process in the lines just before: a signal (AH00052) or a timer of mod_wsgi, such as request-timeout, which counts the time of a slow client and is logged at level info only. With \"The timeout specified has expired\" the application paused for longer than socket-timeout: give it time limits of its own, or raise socket-timeout.",
		[]messageRow{
			{"WSGI0119", "The daemon process exited, or fell silent for longer than socket-timeout, in the middle of a response.",
				[]string{`Failed to proxy response from daemon`}},
		}},
	{Failing, "The client got a part of the response.",
		"Clients that go away are no fault. For slow clients and large responses raise response-socket-timeout; serve large files from Apache instead of the application.",
		[]messageRow{
			{"WSGI0118", "The client took nothing for too long while the application was silent.", nil},
			{"WSGI0120", "The client took nothing of the response for longer than response-socket-timeout.",
				[]string{`Failed to proxy response to client`}},
		}},
	{Failing, "The client got 500.",
		"Set header-buffer-size above the length of the longest header line, or find out why the application sends such a cookie or header.",
		[]messageRow{
			{"WSGI0144", "A response header of the application is longer than header-buffer-size, 32768 bytes without it.", nil},
		}},
	{Failing, "The client got 500.",
		"Something writes to the daemon's socket that is no response: usually C code, or an application that forks and whose child goes on in the parent's place.",
		[]messageRow{
			{"WSGI0148", "What the daemon process sent as a header is none.",
				[]string{`Malformed header '*' found when reading script headers from daemon process`}},
		}},
	{Failing, "Requests that the process was serving were cut off; a new process takes over at once.",
		"See the stack traces that follow, logged at level info: they show where the threads were stuck. In a read of wsgi.input, or in none of the application's own code, they waited for a slow client, whose time counts too: raise request-timeout (start-server --request-timeout, render --recovery) above the bytes of the body over those that the client sends in a second, or let a proxy in front take bodies. Else give that code a time limit of its own. Long requests that are meant belong into a daemon group with a higher request-timeout, or out of the web process.",
		[]messageRow{
			{"request-timeout", "A process was replaced because its requests ran longer than request-timeout allows: the application was stuck, or a client slow.",
				[]string{`Daemon process request time limit exceeded`, `wsgictl: replacing this process, which cuts off`}},
			{"interrupt-timeout", "A request that ran longer than request-timeout was stopped by an exception; the process lives on.",
				[]string{`Injected RequestTimeout into thread`, `Request interrupted by RequestTimeout`}},
		}},
	{Degraded, "Its client waits, and it keeps a thread from other requests.",
		"The stack that follows shows where it is, the last call at the end. Give what it waits for a time limit; \"wsgictl stuck\" shows all requests at hand.",
		[]messageRow{
			{"slow-request", "A request took longer than --log-after of \"wsgictl telemetry-script\".",
				[]string{`wsgictl: a request takes long`}},
		}},
	{Failing, "Requests that the process was serving were cut off; a new process takes over at once.",
		"Some code held Python's lock: a C extension that waits without letting go, or that deadlocks outside the main interpreter. Set WSGIApplicationGroup %{GLOBAL}.",
		[]messageRow{
			{"deadlock-timeout", "A process was replaced because Python's lock could not be had for as long as deadlock-timeout.",
				[]string{`Daemon process deadlock timer expired`}},
		}},
	{Down, "The application was not served by this process until it was replaced.",
		"See the traceback of the import before it. A cause that passes, such as a database that starts later, heals by this restart; any other has to be fixed in the application.",
		[]messageRow{
			{"startup-timeout", "A process was replaced because the script file could not be loaded within startup-timeout.",
				[]string{`Application startup timer expired`}},
		}},
	{Failing, "Requests that were not done by then were cut off.",
		"Raise graceful-timeout or shutdown-timeout if they were worth waiting for; else see what they were stuck in.",
		[]messageRow{
			{"graceful-timeout", "A process that was to be replaced still had requests after graceful-timeout.",
				[]string{`Daemon process graceful timer expired`, `Daemon process restart timer expired`}},
			{"shutdown-timeout", "A process did not exit by itself within shutdown-timeout and was killed.",
				[]string{`Aborting process`, `Aborting daemon process`}},
		}},
	{Note, "Nothing, if the group has more than one process; else requests wait until the new process has loaded the application.",
		"It is what the option asks for.",
		[]messageRow{
			{"maximum-requests", "A process was replaced after maximum-requests.", []string{`Maximum requests reached`}},
			{"restart-interval", "A process was replaced after restart-interval.", []string{`Application restart timer expired`}},
			{"inactivity-timeout", "A process was stopped after inactivity-timeout without a request.", []string{`Daemon process idle inactivity timer expired`}},
			{"cpu-time-limit", "A process was replaced after cpu-time-limit.", []string{`Exceeded CPU time limit`}},
			{"script-reloading", "The daemon processes were restarted because the script file changed.",
				[]string{`Force restart of process`, `Forcing restart of daemon process`}},
		}},
	{Failing, "What the process was serving got an error, and again each time that it crashes.",
		"The signal says how: \"Segmentation fault\" or \"Abort\" is a bug in C code: a C extension that is not made for several interpreters (set WSGIApplicationGroup %{GLOBAL}), two copies of one library in the process, a module for another Python. \"Killed\" is the out-of-memory killer, or an administrator.",
		[]messageRow{
			{"AH00051", "A process of Apache or of a daemon group crashed, and left a core file.",
				[]string{`child pid * exit signal *, possible coredump in `}},
			{"AH00052", "A process of Apache or of a daemon group crashed or was killed.", []string{`child pid * exit signal `}},
		}},
	{Failing, "New connections wait, for static files too.",
		"Usually all of Apache's threads wait for a slow application: see the daemon group's messages. Keep the number of requests that can wait for the application below MaxRequestWorkers, with queue-timeout and listen-backlog.",
		[]messageRow{
			{"AH00161", "Apache is at MaxRequestWorkers (prefork), which Apache 2.2 calls MaxClients.",
				[]string{`server reached MaxClients setting`}},
			{"AH00286", "Apache is at MaxRequestWorkers (worker).", nil},
			{"AH00484", "Apache is at MaxRequestWorkers (event).", nil},
			{"AH00288", "Apache has processes that wait to exit, and no room for new ones (worker).", nil},
			{"AH03490", "Apache has processes that wait to exit, and no room for new ones (event).", nil},
			{"AH00485", "Apache has processes that wait to exit, and no room for new ones (event before 2.4.25).", nil},
		}},
}
