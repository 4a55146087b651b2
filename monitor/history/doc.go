// Package history keeps the figures of daemon process groups over time: a day as they
// came, a month by the minute, in at most 50 MB of one folder.
//
// A Sample is what a group was like at one time. A Store appends those of some seconds
// as one block (block.go) to the file of the hour, and those of a minute to the file
// of the day (files.go). A block has a checksum, so that a process or a machine that
// stops in the middle loses its last block, and no more. Read merges what lies between
// two times to as many points as somebody wants to see (series.go).
//
//	s, err := history.Open("/var/lib/monitor", tell)
//	...
//	err = s.Add(time.Now(), map[string]history.Sample{"shop": sample})
//	series, err := s.Read("shop", from, to, 600)
package history
