// Package errorlog reads error logs from wherever they were kept, and counts
// what they say.
//
// [Open] gives the lines of logs, block by block: of files, of files that grow
// and are rotated, of pipes, unpacked where they are compressed. A [Tally] takes
// each line apart, drops what syslog, the journal or a container's runtime put
// around it, asks [modwsgi.Explain] what it means, and finds out which of the
// messages is the cause of another. Time is linear in the size of the log, and
// memory bounded, whatever the log holds.
//
//	var tally errorlog.Tally
//	log := errorlog.Open(ctx, []string{"/var/log/apache2/error.log"}, false)
//	for block := range log.Blocks {
//		tally.AddLines(block)
//	}
//	if err := log.Err(); err != nil { ... }
//	for _, entry := range tally.Entries() { ... }
package errorlog
