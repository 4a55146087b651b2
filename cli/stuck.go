package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/jsonreport"
	"github.com/wsgictl/wsgictl/monitor"
	"github.com/wsgictl/wsgictl/monitor/stacks"
	"github.com/wsgictl/wsgictl/plural"
)

type stuckCommand struct {
	Group string `arg:"" optional:"" help:"A daemon process group (default: all)."`
	All   bool   `help:"Show whole stacks."`
	JSON  bool   `name:"json" help:"Print as JSON."`
	askedMonitor
}

// Help is the long form of the command's help.
func (stuckCommand) Help() string {
	return `Says which requests applications have at hand at this moment, oldest first, and in
which line of Python each is. It asks the monitor, which asks the processes: they
need the file of "wsgictl telemetry-script", with every release of mod_wsgi.
Nothing is stopped, traced or restarted. Where C code keeps the GIL, so that no
thread can answer, Python's faulthandler says after 5 seconds where that is.

Example:
  wsgictl stuck
  wsgictl stuck shop --all`
}

func (c stuckCommand) Run(ctx context.Context, s *streams) error {
	report, err := c.atHand(ctx, c.Group)
	if err != nil {
		return err
	}
	if c.JSON {
		return jsonreport.Write(s.stdout, report)
	}
	if report.Asked == 0 {
		return fmt.Errorf("stuck: the monitor at %s knows no process%s that can be asked; load the file of \"wsgictl telemetry-script\" into the group (see its --help), and send the group a request", c.URL, c.ofGroup())
	}
	c.write(s.stdout, report)
	return nil
}

func (c stuckCommand) ofGroup() string {
	if c.Group == "" {
		return ""
	}
	return " of the group " + c.Group
}

// inOneLine keeps what clients and processes sent from looking like a line of the report.
func inOneLine(text string) string {
	return strings.NewReplacer("\n", `\n`, "\r", `\r`).Replace(text)
}

func (c stuckCommand) write(out io.Writer, report monitor.AtHand) {
	fmt.Fprintln(out, summary(report))
	for _, r := range report.Requests {
		fmt.Fprintf(out, "\n%7.1f s  %s\n", r.Age, inOneLine(fmt.Sprintf("%s %s%s  from %s; %s, process %d, thread %d", r.Method, r.Host, r.Path, r.Client, r.Group, r.PID, r.Thread)))
		c.writeStack(out, r.Stack)
	}
	for _, p := range report.Silent {
		fmt.Fprintf(out, "\nprocess %d of %s does not answer: C code keeps the GIL, or the process is stopped\n", p.PID, inOneLine(p.Group))
		c.writeLate(out, p.Late)
	}
}

// summary is the answer in a line.
func summary(report monitor.AtHand) string {
	text := plural.Count(len(report.Requests), "request") + " at hand in " + plural.Count(report.Asked-len(report.Silent), "process")
	if len(report.Requests) > 0 {
		text += fmt.Sprintf(", the oldest for %.1f s", report.Requests[0].Age)
	}
	if len(report.Silent) > 0 {
		text += "; " + plural.Count(len(report.Silent), "process") + " without an answer"
	}
	waiting := 0
	for _, n := range report.Waiting {
		waiting += n
	}
	if waiting > 0 {
		text += "; " + plural.Count(waiting, "request") + " without a thread"
	}
	return text
}

// shownCalls are those of a stack that are shown without --all, the last ones.
const shownCalls = 6

func (c stuckCommand) writeStack(out io.Writer, stack []stacks.Call) {
	calls := slices.Clone(stack)
	slices.Reverse(calls)
	for i, call := range calls {
		if i == shownCalls && !c.All {
			fmt.Fprintf(out, "           and %s; --all shows them\n", plural.Count(len(calls)-i, "outer call"))
			return
		}
		line := fmt.Sprintf("%s:%d in %s", call.File, call.Line, call.Function)
		if call.Code != "" { // which only a token opens
			line += ": " + call.Code
		}
		fmt.Fprintf(out, "           %s\n", inOneLine(line))
	}
}

// shownLines are those of what faulthandler wrote that are shown without --all.
const shownLines = 12

func (c stuckCommand) writeLate(out io.Writer, text string) {
	if text == "" {
		fmt.Fprintln(out, "           ask again after 5 seconds: Python's faulthandler says then where it is")
		return
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, line := range lines {
		if i == shownLines && !c.All {
			fmt.Fprintf(out, "           and %s; --all shows them\n", plural.Count(len(lines)-i, "line"))
			return
		}
		fmt.Fprintf(out, "           %s\n", strings.TrimRight(line, " \r"))
	}
}
