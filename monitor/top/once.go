package top

import (
	"fmt"
	"io"
	"strings"

	"github.com/wsgictl/wsgictl/monitor"
)

// Write prints what the monitor knows: the answer in a line, then a table of groups, of
// processes, and of the requests at hand that are slow. What others wrote goes through clean.
func Write(out io.Writer, v monitor.View, clean func(string) string) error {
	t := tables{clean}
	text := summary(v) + "\n"
	for _, one := range []table{
		t.groups(v),
		t.processes(v, func(monitor.Group) bool { return true }),
		t.requests(slow(v)).sorted(order{}),
	} {
		if len(one.rows) > 0 {
			text += "\n" + strings.Join(one.lines(0, nil), "\n") + "\n"
		}
	}
	_, err := io.WriteString(out, text)
	if err != nil {
		return fmt.Errorf("print what runs: %w", err)
	}
	return nil
}
