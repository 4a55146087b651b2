// Package modwsgictl holds the source of mod_wsgictl, a module for the Apache
// HTTP Server in C. It gives mod_wsgi's daemon mode what no directive of Apache
// can: a reload that loses no request, and clients slow to send or to read that
// hold no thread of an application.
//
// Package installer builds it and places it beside mod_wsgi; the tests here build it
// with apxs and load it into a real Apache beside a real mod_wsgi. It needs nothing but httpd (2.4.37
// or later) and APR.
//
//	source/mod_wsgictl.c  the directives, and which requests are mod_wsgi's
//	source/reload.c       a reload that loses nothing
//	source/reload_on.c    a reload as soon as a file waits for it
//	source/body.c         the body first, then the application
//	source/response.c     the response last: the application is done before
//	source/folder.c       the files of both, and how much they may take
//	source/children.c     what child processes count in memory that they share
//
// # Directives
//
//	WSGICtlDrain SECONDS   (server; 2)
//
// For how long a graceful restart waits for the requests that daemon processes
// work on, and for those that may still come on connections of the old child
// processes; 0 for not at all. New connections wait meanwhile, to be accepted by
// the new children. What takes longer is cut off as without the module. It waits
// only where the configuration has a WSGIDaemonProcess.
//
//	WSGICtlReloadOn PATH   (server; none)
//
// A file, relative to ServerRoot, for which the server reloads by itself as soon as it is
// there for two seconds: what waits for a reload, such as a certificate that mod_md has
// obtained. The parent process looks every ten seconds, and reloads every ten minutes at
// most, however long the file stays. The directive may stand several times.
//
//	WSGICtlBodyFirst On|Off|SIZE [chunked]   (server, virtual host, directory; On)
//
// The body of a request is read before the application runs. As long as the client
// has more of it at hand it is in memory, up to 128 kB; when the client has to be waited
// for and more than 16 kB are there, all of it goes to a file without a name. Without
// this a client that sends slowly has a thread of the application for as long. Bodies
// of more than SIZE bytes, or than LimitRequestBody (1 GiB where that has no limit),
// and requests to upgrade come as without the module. With "chunked", bodies in chunks
// are read first too, and those that end within SIZE get a Content-Length: no
// WSGIChunkedRequest is needed then, and what comes by HTTP/2 without a length is not
// lost. Where a body does not come whole, no application runs; where the disk is full
// or broken, the answer is 503.
//
//	WSGICtlSpool SIZE   (server, virtual host, directory; 1073741824)
//
// How many bytes of a response that the client does not take yet are kept in a
// file, after 16 kB in memory; from there the kernel sends it, unless EnableSendfile is
// Off. Without it a client that reads slowly has a thread of the application for as
// long. What the client takes at once is not kept, so that events and progress go out
// as they come. Where an application pauses in a response without a length, it waits for a client that is behind, for a second in
// all (for Timeout where the type is text/event-stream): what is left then goes out
// with the next part of the response, or with its end. By HTTP/2 all beyond 32 kB goes
// through the file, since streams cannot be asked what they take but take files
// without waiting; after a thousand parts the application waits for the client. When
// SIZE is reached or the disk is full, the client is waited for as without the module.
// 0 is off.
//
//	WSGICtlFolder PATH [SIZE]   (server; none)
//
// The folder for these files, relative to ServerRoot; without it nothing is kept in
// files, and bodies and responses of more than 64 kB are as without the module. All files
// together take SIZE bytes at most, or half of what the disk has free when the server starts or
// reloads. Beyond that a request is not refused but goes on as without the module: the
// application waits for its client. The folder has to be there, to be User's (of the
// account that starts a server which is not root's), and to be closed to others (0700):
// "install -d -m 0700 -o www-data /var/lib/apache2/spool" makes one. Else the error log
// tells so and no folder is used; root's process makes nothing there. It should lie on a
// disk: /run and sometimes /tmp are memory. No file is left by a process that is killed.
//
// The requests that it looks after are those whose handler is one of mod_wsgi's
// own, "wsgi-script" and "application/x-httpd-wsgi", or one of WSGIHandlerScript
// whose name begins with "wsgi-".
package modwsgictl
