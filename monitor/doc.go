// Package monitor shows people and programs what running daemon process groups do.
//
// One process listens to what mod_wsgi's processes send (package telemetry), asks the
// kernel what waits at their sockets, and answers over HTTP: a page, figures for
// Prometheus, and JSON. It changes nothing, and no server notices when it dies.
//
//	m, err := monitor.Start(monitor.Options{Socket: "/run/wsgictl/telemetry.sock"})
//	...
//	http.Serve(listener, m.Handler())
package monitor
