// Package telemetry reads what running daemon processes of mod_wsgi tell of
// themselves.
//
// mod_wsgi 6 sends datagrams to the socket that WSGITelemetryService names; the
// format is in mod_wsgi's src/server/wsgi_telemetry.h. Decode makes one datagram a
// typed value:
//
//	d, err := telemetry.Decode(text)
//	if request, is := d.Body.(*telemetry.Requests); is {
//		fmt.Println(d.PID, request.Group, request.Count)
//	}
//
// Whoever may write to the socket may send anything, so that nothing here takes
// more time or memory than the bytes that came.
package telemetry
