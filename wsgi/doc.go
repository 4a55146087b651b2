// Package wsgi says what an Apache configuration makes of WSGI: which
// applications it hosts, in which mode each of them really runs, and what
// answers a URL.
//
// # How data flows
//
//	conf.Config ─ Look ─→ View ─┬─ Applications: where each one runs, and why
//	                            ├─ Daemons, Imports, Servers: what the text declares
//	                            ├─ Serving: what answers one URL
//	                            └─ Disagreements: where a running server differs
//
// [Look] computes a view once; nobody changes it afterwards. It asks no host:
// facts come in as a [detect.Host], text as a [conf.Config] that was read with
// mod_wsgi's table of directives, [Module]. What httpd does with a request is
// asked of package request, in which mod_wsgi takes part by two functions.
//
// # The verdict
//
// An application runs embedded, in Apache's own processes, exactly when the
// name of its process group is empty after all merging and expansion, and
// nothing refuses it. The functions that decide it follow mod_wsgi's source
// and name its functions; a test holds them against the real module.
package wsgi
