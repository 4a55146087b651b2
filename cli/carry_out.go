package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/wsgictl/wsgictl/plural"
	"github.com/wsgictl/wsgictl/system"
)

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
	return o.awaitCertificates(ctx, plan)
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
