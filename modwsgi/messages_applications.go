package modwsgi

// applicationMessages are about where an application runs, its script file, and its requests.
var applicationMessages = []subject{
	// Where an application runs.
	{Failing, "The client got 500: the application is not served at all by this URL.",
		"Give the application a daemon group: process-group= on its WSGIScriptAlias, or a WSGIProcessGroup that reaches the script's folder and not only the application's.",
		[]messageRow{
			{"WSGI0143", "The application would run inside Apache's own processes, which WSGIRestrictEmbedded forbids.",
				[]string{`Embedded mode of mod_wsgi disabled by runtime configuration`}},
			{"WSGI0142", "The application would run inside Apache's own processes, which this module was built without.",
				[]string{`Embedded mode of mod_wsgi disabled at compile time`}},
			{"WSGI0210", "The application would run inside Apache's own processes, which have not loaded Python.", nil},
		}},
	{Failing, "The client got 500: the application is not served at all by this URL.",
		"Compare the name with those of the WSGIDaemonProcess lines, and see whether that line is read: a file that is not enabled, an <IfModule> or <IfDefine> that does not hold.",
		[]messageRow{
			{"WSGI0150", "No daemon group is declared at all, and the application asks for one.", nil},
			{"WSGI0151", "There is no daemon group of the name that the application asks for.",
				[]string{`No WSGI daemon process called`}}, // before 6 also where there is none at all
		}},
	{Failing, "The client got 500: the application is not served at all by this URL.",
		"A group that is declared in one virtual host serves only virtual hosts of the same ServerName. Move WSGIDaemonProcess to server level.",
		[]messageRow{
			{"WSGI0152", "The daemon group belongs to another virtual host.",
				[]string{`Daemon process called '*' cannot be accessed by this WSGI application`}},
		}},
	{Failing, "The client got 500: the application is not served at all by this URL.",
		"Add the group to WSGIRestrictProcess of that scope; embedded mode is listed as %{GLOBAL}. The nearest list replaces all others.",
		[]messageRow{
			{"WSGI0149", "WSGIRestrictProcess does not list the group that the application asks for.",
				[]string{`Daemon process called '*' cannot be accessed by this WSGI application as not a member`}},
		}},

	// The script file and the application in it.
	{Failing, "The client got 500.",
		"The traceback that follows tells where. Fix the application, or let its framework show an error page.",
		[]messageRow{
			{"WSGI0174", "The application raised an exception that it did not catch.",
				[]string{`Exception occurred processing WSGI script`}},
			{"WSGI0175", "The application called sys.exit() in a request, which was ignored.",
				[]string{`SystemExit exception raised by WSGI script '*' ignored`}},
			{"WSGI0194", "The close() of the response could not be looked up.", nil},
		}},
	{Down, "The client got 500, and will until that is fixed: the application cannot be loaded.",
		"The traceback that follows tells why. Missing modules: python-home must be the virtualenv's root, home or python-path the project's folder. Missing settings: Apache's environment is not your shell's. Something that is not up yet: startup-timeout tries again in a fresh process.",
		[]messageRow{
			{"WSGI0109", "Running the script file failed.",
				[]string{`Failed to exec Python script file`, `Target WSGI script '*' cannot be loaded as Python module`}}, // up to 4.5
			{"WSGI0110", "Running the script file failed, at the start of its process.", nil},
			{"WSGI0105", "The script file could not be read, or is no valid Python.",
				[]string{`Could not read/compile source file`, `Failed to parse WSGI script file`}}, // 3.x
			{"WSGI0106", "The script file could not be read, or is no valid Python, at the start of its process.", nil},
			{"WSGI0107", "The script file called sys.exit().",
				[]string{`SystemExit exception raised when doing exec of Python script file`}},
			{"WSGI0108", "The script file called sys.exit(), at the start of its process.", nil},
			{"WSGI0088", "The module that is named in place of a script file could not be imported.",
				[]string{`Failed to import handler via Python module reference`}},
		}},
	{Down, "The client got 500, or 404 in embedded mode, and will until that is fixed.",
		"Name the callable \"application\" in the script file, or say its name with WSGICallableObject or callable-object=.",
		[]messageRow{
			{"WSGI0089", "The script file has no callable of the name that was asked for.",
				[]string{`Target WSGI script '*' does not contain WSGI application`}},
		}},
	{Failing, "The client got 404.",
		"Check the path of WSGIScriptAlias, and that Apache's User may enter every folder above it (often a home of mode 0700). Under SELinux the file needs the label httpd_sys_content_t.",
		[]messageRow{
			{"WSGI0135", "The script file does not exist, or Apache may not see it.",
				[]string{`Target WSGI script not found or unable to stat`}},
		}},
	{Failing, "The client got 403 or 404 for a URL that is configured so.",
		"Where the URL should work: WSGIScriptAlias instead of AddHandler needs neither Options ExecCGI nor AcceptPathInfo, and its target must be a file, unless it maps a folder of scripts.",
		[]messageRow{
			{"WSGI0134", "A script that a handler maps stands where Options ExecCGI is off.",
				[]string{`Options ExecCGI is off in this directory`}},
			{"WSGI0136", "The URL leads to a folder, not to a script file.",
				[]string{`Attempt to invoke directory as WSGI application`}},
			{"WSGI0137", "The URL goes on after the script, and AcceptPathInfo is off.",
				[]string{`AcceptPathInfo off disallows user's path`}},
		}},
	{Degraded, "A change of the script file may go unseen until the next restart.",
		"Check that the daemon's user may enter every folder above it.",
		[]messageRow{
			{"WSGI0082", "The daemon process cannot see the handler script.", []string{`Unable to stat target handler script`}},
			{"WSGI0083", "The daemon process cannot see the script file.", []string{`Unable to stat target WSGI script`}},
			{"WSGI0195", "The script file could not be closed after reading it.", nil},
			{"WSGI0196", "The script file could not be closed after reading it, at the start of its process.", nil},
		}},
	{Failing, "The client got 500.",
		"Move the script below the chroot folder, or better give up chroot= for a container.",
		[]messageRow{
			{"WSGI0081", "The script file is outside the folder that chroot= names.",
				[]string{`WSGI script '*' not located within chroot directory`}},
		}},
	{Failing, "Apache's own answer: the client got 403.",
		"Apache serves only what a Require allows: for a script file outside DocumentRoot add <Directory> with Require all granted for its folder.",
		[]messageRow{
			{"AH01630", "Apache's access rules do not allow the client the file, often because no Require was written for the script's folder.",
				[]string{`client denied by server configuration: `}},
			{"AH01797", "Rules of Apache 2.2 (Order, Allow, Deny) do not allow the client the file; Require does not override them.", nil},
		}},
	{Failing, "Apache's own answer: the client got 403.",
		"Look at the rights of each folder down to the file with \"namei -l\": Apache's User must be able to enter all of them (chmod o+x; homes are often 0700), and to read the file itself (chmod o+r). Where they allow it, SELinux does not (httpd_sys_content_t, httpd_enable_homedirs), or systemd's ProtectHome or PrivateTmp.",
		[]messageRow{
			{"AH00035", "Apache may not enter a folder above the file.", []string{`access to * denied`}},
			{"AH00529", "Apache may not enter a folder above the file, to look for .htaccess.", nil},
			{"AH00132", "Apache may not read the file.", []string{`file permissions deny server access: `}},
		}},
	{Failing, "Apache's own answer: the client got 403.",
		"Set Options FollowSymLinks (or SymLinksIfOwnerMatch) for the folder of the link, and let Apache's User reach what it points to.",
		[]messageRow{
			{"AH00037", "The path leads over a symbolic link that Apache may not follow.", []string{`Symbolic link not allowed or link target not accessible: `}},
		}},

	{Failing, "The client got 500.",
		"Print to sys.stderr, or use logging: both go to the error log. Until that is done, WSGIRestrictStdout Off (before mod_wsgi 3.0 it was On by itself). What reads sys.stdin is almost always a debugger such as pdb, which has no terminal here: take it out.",
		[]messageRow{
			{"restricted-output", "The application writes to sys.stdout or reads sys.stdin, which is restricted.",
				[]string{`sys.stdout access restricted by mod_wsgi`, `sys.stdin access restricted by mod_wsgi`}},
		}},

	// The request itself.
	{Failing, "The client got 411.",
		"Set WSGIChunkedRequest On if the application reads its input to the end without a Content-Length; most frameworks do by now.",
		[]messageRow{
			{"WSGI0139", "The client sent a body in chunks, which is off.",
				[]string{`Received request requiring chunked transfer encoding`}},
		}},
	{Note, "The client got 400 or 501.",
		"Nothing: the request is malformed, often a probe for holes.",
		[]messageRow{
			{"WSGI0138", "The request names an encoding other than chunked.", []string{`Unexpected value for Transfer-Encoding`}},
			{"WSGI0140", "The request has both a Content-Length and chunks.", []string{`Unexpected Content-Length header supplied`}},
			{"WSGI0141", "The request's Content-Length is no number.", []string{`Invalid Content-Length header value`}},
		}},
	{Failing, "The client got 500.",
		"Something else than this Apache writes to the daemon's socket, or Apache was restarted with another configuration and WSGISocketRotation Off. Restart it fully, and see who may reach the socket.",
		[]messageRow{
			{"WSGI0033", "A request reached the daemon process without the proof that this Apache sent it.",
				[]string{`Request origin could not be validated`}},
			{"WSGI0034", "A request reached the daemon process with a wrong proof that this Apache sent it.", nil},
		}},
}
