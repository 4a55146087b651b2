// Package audit says what is wrong with an Apache configuration, by independent
// rules over what it makes of WSGI, and fixes what can be fixed.
//
// # How data flows
//
//	wsgi.View ─ Run: rules, each with its Pass ─→ Findings ─→ text, JSON, SARIF, …
//	                                                     └─→ ApplyFixes: edits of files
//
// Comments and baselines hide findings. A rule stands in a file of its own, which
// can be taken away; what several rules ask is found once for all of them. What is
// in doubt, and what may stand [Elsewhere], one place weighs for all findings. Of
// a server of this machine, which [wsgi.View] tells by its Start, [ExposedOf] asks
// who can change its files.
package audit
