package cli

import (
	"cmp"
	"context"
	"fmt"

	"github.com/wsgictl/wsgictl/plural"
	"github.com/wsgictl/wsgictl/system"
)

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
