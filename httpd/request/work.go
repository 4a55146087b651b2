package request

import (
	"fmt"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// work counts the steps that it takes to follow a request, on all branches
// together: a rule that is tried, a directive that is carried out, a piece of a
// text that is put together.
type work struct{ done int }

// maxWork is how many steps are taken for one request of a client, which is about
// a second. Where there are more, what becomes of it is not known.
const maxWork = 1 << 20

// stepsOfVisit are those of one more lookup or redirect, which looks for all that
// applies to its URL.
const stepsOfVisit = 32

// stepsOf are those of putting a text together.
func stepsOf(text string) int { return 1 + len(text)/64 }

func (w *work) isOver() bool { return w.done > maxWork }

// spend counts steps for a directive, or nil. It is false where there were too
// many.
func (q question) spend(steps int, by *conf.Directive) bool {
	q.work.done += steps
	if q.work.isOver() {
		q.isUnknown(by, fmt.Sprintf("it takes more than %d steps to tell", maxWork))
		return false
	}
	return true
}
