package cli

import (
	"fmt"

	"github.com/wsgictl/wsgictl/errorlog"
)

// answers are what explain says of a log while it reads it.
type answers struct {
	explainReport
	tally errorlog.Tally
	told  map[string]int // of each message, how often it stood there when it was told of
}

// tell explains the messages that are new, and counts those that were there
// before.
func (a *answers) tell() {
	if a.told == nil {
		a.told = map[string]int{}
	}
	for _, e := range a.tally.Entries() {
		switch a.told[e.ID] {
		case e.Count:
			continue
		case 0:
			a.writeEntry(e)
		default:
			a.writeHeading(e)
			a.writeLine(e)
			fmt.Fprintln(a.out)
		}
		a.told[e.ID] = e.Count
	}
}

// sumUp tells the rest, and how often each message stood in the log.
func (a *answers) sumUp() {
	a.tell()
	fmt.Fprintln(a.out, "In all, worst first:")
	for _, e := range a.tally.Entries() {
		fmt.Fprint(a.out, "  ")
		a.writeHeading(e)
	}
	a.writeCount(&a.tally)
}
