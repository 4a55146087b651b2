package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/wsgictl/wsgictl/plural"
	"github.com/wsgictl/wsgictl/system"
	"github.com/wsgictl/wsgictl/templates"
)

// systemFlags are common to all commands that change the system's Apache.
type systemFlags struct {
	HTTPD      string `name:"httpd" placeholder:"PATH" help:"The httpd program (default: the one that runs, else the first found)."`
	ServerRoot string `placeholder:"DIR" help:"Another instance of Apache than the one httpd is compiled for: its server root."`
	State      string `placeholder:"DIR" help:"Where to remember what was done (default: a folder of /var/lib/wsgictl)."`
	trustFlags
}

// takeoverFlags decide about files that a person made or edited.
type takeoverFlags struct {
	Adopt     bool `xor:"takeover" help:"Keep the content of files that a person made or edited, and manage them from now on."`
	Overwrite bool `xor:"takeover" help:"Replace files that a person made or edited."`
}

func (f takeoverFlags) takeover() system.Takeover {
	switch {
	case f.Adopt:
		return system.Adopt
	case f.Overwrite:
		return system.Overwrite
	}
	return system.Refuse
}

// auditFlag says how much of the audit is printed with a plan.
type auditFlag struct {
	AuditAll bool `help:"Print what the audit says of other people's sites, too."`
}

// changeFlags say how a change is carried out.
type changeFlags struct {
	takeoverFlags
	auditFlag
	Yes         bool    `short:"y" help:"Do not ask before changing anything."`
	Start       bool    `help:"Start Apache if it does not run."`
	HealthLimit seconds `default:"30" placeholder:"SECONDS" help:"How long the sites may take to answer before all is put back (default: 30)."`
}

// seconds is how long something may take.
type seconds int

// Validate refuses what is no time, before anything is built.
func (s seconds) Validate() error {
	if s < 0 || s > templates.GreatestNumber {
		return fmt.Errorf("%d: want 0 to %d seconds", int(s), templates.GreatestNumber)
	}
	return nil
}

// resumable is true: the journal of the change, and of what was made for it,
// tells the next command what this one has left.
func (systemFlags) resumable() bool { return true }

// A purpose is what a command opens the Apache for.
type purpose bool

const (
	toLook   purpose = false // and change nothing at all
	toChange purpose = true
)

// request is what system is asked for.
func (f systemFlags) request(s *streams, why purpose) system.Request {
	return system.Request{
		HTTPD: f.HTTPD, ServerRoot: f.ServerRoot, State: f.State, Trust: f.Trust,
		Release: currentBuild().Version, Change: why == toChange,
		Report: func(text string) { fmt.Fprintf(s.stderr, "%s\n", text) },
		Hold:   func() (func(), error) { return s.signals.hold(f) },
	}
}

// An opened Apache, with where is told what is done with it.
type opened struct {
	*system.Session
	streams *streams
}

// open opens the Apache for a command that is about no declaration.
func (f systemFlags) open(ctx context.Context, s *streams, why purpose) (*opened, error) {
	session, err := system.Open(ctx, f.request(s, why))
	return &opened{session, s}, err
}

// show prints what a plan changes, with what persons and certbot have put on top,
// and what stands in its way.
func (o *opened) show(plan *system.Plan) error {
	for _, note := range plan.Notes {
		fmt.Fprintln(o.streams.stderr, note)
	}
	if plan.IsEmpty() {
		fmt.Fprintln(o.streams.stderr, "Nothing to do: all is as declared.")
		return o.showEdits(plan)
	}
	for _, text := range plan.ForOthers {
		fmt.Fprintf(o.streams.stderr, "This changes what other projects are served with: %s.\n", text)
	}
	if err := system.WriteDiff(o.streams.data, plan.Changes); err != nil {
		return err
	}
	if err := o.showEdits(plan); err != nil {
		return err
	}
	return plan.InTheWay()
}

// check holds the plan against Apache in a staged copy, and prints what the
// audit says of the result.
func (o *opened) check(ctx context.Context, plan *system.Plan, shown auditFlag) error {
	checked, refused := o.Check(ctx, plan, shown.AuditAll)
	switch {
	case ctx.Err() != nil:
		return errStopped
	case checked == nil:
		return refused
	}
	return cmp.Or(o.showChecked(checked), refused)
}

// showChecked prints what the audit says of a plan's result.
func (o *opened) showChecked(checked *system.Checked) error {
	if len(checked.Audit.Findings) == 0 {
		fmt.Fprintf(o.streams.stderr, "The audit found nothing%s.\n", hiddenNote(checked.Audit))
	} else if err := (findingsText{result: checked.Audit}).write(o.streams.stderr, paletteFor(o.streams.stderr)); err != nil {
		return err
	}
	if checked.Others > 0 {
		fmt.Fprintf(o.streams.stderr, "About what others have configured there is %s more: --audit-all prints it, as does wsgictl audit.\n", plural.Count(checked.Others, "finding"))
	}
	if checked.Refused != "" {
		fmt.Fprintf(o.streams.stderr, "This changes what others are served with: %s.\n", checked.Refused)
	}
	return nil
}

// carryOut shows a plan, asks, and applies it.
func (o *opened) carryOut(ctx context.Context, plan *system.Plan, flags changeFlags) error {
	o.Limit, o.Start = time.Duration(flags.HealthLimit)*time.Second, flags.Start
	if plan.IsEmpty() {
		if err := o.CheckHosts(plan); err != nil {
			return err
		}
	}
	if err := o.show(plan); err != nil || plan.IsEmpty() {
		return err
	}
	if err := o.check(ctx, plan, flags.auditFlag); err != nil {
		return err
	}
	if !flags.Yes && !o.ask(ctx, question(plan)) {
		return notConfirmed(plan)
	}
	if err := o.Carry(ctx, plan); err != nil {
		return err
	}
	if o.SizesServer(plan) {
		fmt.Fprintln(o.streams.stderr, "A new ServerLimit is in force once Apache is stopped and started; until then the former one bounds MaxRequestWorkers.")
	}
	fmt.Fprintf(o.streams.stderr, "Done: generation %d. To go back: wsgictl rollback\n", plan.Next.Number)
	return nil
}

// question asks for what a plan does, to other projects too.
func question(plan *system.Plan) string {
	if len(plan.Changes) == 0 {
		return "Record that?"
	}
	others := ""
	if len(plan.ForOthers) > 0 {
		others = " (" + strings.Join(plan.ForOthers, "; ") + ")"
	}
	return fmt.Sprintf("Make %s%s and reload Apache?", plural.Count(len(plan.Changes), "change"), others)
}

func notConfirmed(plan *system.Plan) error {
	if len(plan.ForOthers) > 0 {
		return fmt.Errorf("not confirmed, so nothing was changed: it changes what other projects are served with (%s); answer y, or give --yes", strings.Join(plan.ForOthers, "; "))
	}
	return errors.New("not confirmed, so nothing was changed: answer y, or give --yes")
}

// ask asks on the terminal; without one the answer is no, as it is to Ctrl-C.
func (o *opened) ask(ctx context.Context, question string) bool {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return false
	}
	fmt.Fprintf(o.streams.stderr, "%s [y/N] ", question)
	answers := make(chan string, 1)
	go func() {
		answer, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if err != nil {
			answer = ""
		}
		answers <- strings.ToLower(strings.TrimSpace(answer))
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(o.streams.stderr)
		return false
	case answer := <-answers:
		return answer == "y" || answer == "yes"
	}
}
