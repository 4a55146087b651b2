// Package audit says which WSGI applications an Apache configuration hosts, in
// which mode each of them really runs, and what is wrong with it, by
// independent rules over the effective configuration.
//
// # How data flows
//
//	conf.Config ─ Look ─→ View ─┬─ Applications: where each one runs, and why
//	                            ├─ Serving: what answers one URL
//	                            └─ rules ─→ Findings ─→ text, JSON, SARIF, …, or edits
//
// [Look] computes what all rules share, once. It reads no file and asks no
// host: facts come in as a [detect.Host], text as a [conf.Config] that
// was read with mod_wsgi's table of directives, [Module]. Of a server of this
// machine, which [View.Start] tells, [View.Exposed] asks who can change its files.
//
// # The verdict
//
// An application runs embedded, in Apache's own processes, exactly when the
// name of its process group is empty after all merging and expansion, and
// nothing refuses it. The functions that decide it follow mod_wsgi's source
// and name its functions; a test holds them against the real module.
package audit
