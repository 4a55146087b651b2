package modwsgi

// wsgictlMessages are those of mod_wsgictl, which is built beside mod_wsgi.
var wsgictlMessages = []subject{
	{Failing, "Clients got 503 for what they had sent; no application ran for it.",
		"Look at what the system says before the message. Make room on the disk of WSGICtlFolder or name a folder on another one; where the folder was removed or made again meanwhile, reload Apache.",
		[]messageRow{
			{"spool-broken", "The body of a request could not be kept in a file.", []string{`wsgictl: cannot keep the body of the request in a file`}},
		}},
	{Failing, "The clients of these requests got an error, or half of an answer.",
		"Raise WSGICtlDrain above what the slowest requests take (new connections wait meanwhile), or have such work done outside of requests. A reload cuts off connections that stay open, such as event streams, whatever the limit is.",
		[]messageRow{
			{"reload-cut-off", "A reload waited for requests as long as WSGICtlDrain allows, and some were not done by then.", []string{`wsgictl: reload after * ms for requests under way; not waited for: `}},
		}},
	{Down, "The server does not start, or stops where it was to reload.",
		"The limit of open files is reached, of Apache's first process or of the system: see ulimit -n, LimitNOFILE of the unit, and fs.file-max.",
		[]messageRow{
			{"no-reload-sockets", "The sockets could not be made by which the processes hear of a reload.", []string{`wsgictl: no sockets that tell children of a reload`}},
		}},
	{Degraded, "Slow clients hold threads of the application, and reloads lose requests, as without mod_wsgictl.",
		"Look at what the system says before the message: the limit of memory of the container or unit, or a /dev that lacks shared memory. Then restart Apache.",
		[]messageRow{
			{"no-shared-memory", "Apache's processes got no memory to count in together.", []string{`wsgictl: no memory to share with children`}},
		}},
	{Degraded, "What clients are slow to send or to read is kept in memory alone: beyond 64 kB they hold threads of the application.",
		"Make the folder that the message names, for the account that it names: install -d -m 0700 -o ACCOUNT FOLDER. wsgictl apply and setup-server do that for theirs. Then reload Apache.",
		[]messageRow{
			{"no-spool", "WSGICtlFolder is not there, or is not closed to all but the account of Apache's processes.", []string{`wsgictl: nothing is kept in files: `}},
		}},
	{Degraded, "These clients hold threads of the application for as long as they send, as without mod_wsgictl; nobody gets an error.",
		"Name a larger size after the folder (without one it is half of what its disk has free), or bound what a client may send: LimitRequestBody, WSGICtlBodyFirst.",
		[]messageRow{
			{"spool-full", "All that is kept for slow clients together reached the limit of WSGICtlFolder.", []string{`wsgictl: the limit of WSGICtlFolder is reached`}},
		}},
	{Note, "The client was answered with 400, 408 or 413, or had left; no application ran for it.",
		"Nothing, unless it happens to clients that do send all: see RequestReadTimeout and LimitRequestBody.",
		[]messageRow{
			{"body-incomplete", "A client did not send all of a body that it had begun to send.", []string{`wsgictl: the body of the request did not come whole`}},
		}},
	{Note, "Nothing was lost: the server reloaded as if it had been asked to.",
		"Nothing, unless it comes again every ten minutes: what makes the file is then not content with the reload; for a certificate, see what mod_md says behind it.",
		[]messageRow{
			{"reload-on", "A file was there for which the server is to reload (WSGICtlReloadOn), such as a renewed certificate.", []string{`wsgictl: reload, since a file waits for it: `}},
		}},
	{Note, "Nothing was lost; new connections waited for so long.",
		"Nothing.",
		[]messageRow{
			{"reload-waited", "A reload waited until the requests under way were done.", []string{`wsgictl: reload after * ms for requests under way; not waited for: 0`}},
		}},
}
