// Package modwsgictl holds the source of mod_wsgictl, a module for the Apache
// HTTP Server in C. It gives mod_wsgi's daemon mode what no directive of Apache
// can: a reload that loses no request.
//
// Nothing of wsgictl loads it yet; the tests build it with apxs and load it
// into a real Apache beside a real mod_wsgi. It needs nothing but httpd (2.4.37
// or later) and APR.
//
//	source/mod_wsgictl.c  the directives, and which requests are mod_wsgi's
//	source/reload.c       a reload that loses nothing
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
// The requests that it looks after are those whose handler is one of mod_wsgi's
// own, "wsgi-script" and "application/x-httpd-wsgi", or one of WSGIHandlerScript
// whose name begins with "wsgi-".
package modwsgictl
