package system

import (
	"context"
	"fmt"

	"github.com/wsgictl/wsgictl/audit"
)

// Checked is what the audit says of a plan's result.
type Checked struct {
	Audit   audit.Result
	Others  int    // findings about what others have configured, which are left out
	Refused string // which applications of others the plan forbids embedded mode to; see [Stage.RefusesEmbedded]
}

// Check holds a plan against Apache in a staged copy, which it makes and removes.
// The findings are those that the plan brings, unless all are asked for; nil is that
// they could not be looked for, as when the context is over. The error says what keeps
// the plan from being carried out. What the plan refuses to others, a person has to
// agree to.
func (s *Session) Check(ctx context.Context, plan *Plan, all bool) (*Checked, error) {
	stage, err := s.Stage(ctx, plan, &s.Host)
	if err != nil {
		return nil, err
	}
	defer stage.Close()
	checked := &Checked{Audit: stage.Audit()}
	if !all {
		checked.Audit, checked.Others = stage.WithoutOthers(checked.Audit)
	}
	if err := ctx.Err(); err != nil {
		return nil, err // and the copy is gone
	}
	if checked.Refused = stage.RefusesEmbedded(); checked.Refused != "" {
		plan.ForOthers = append(plan.ForOthers, checked.Refused)
	}
	if err := stage.CheckRead(); err != nil {
		return checked, err
	}
	for _, check := range []func() error{stage.CheckGroups, stage.CheckHosts, stage.CheckTrust} {
		if err := check(); err != nil {
			return checked, fmt.Errorf("nothing was changed: %w", err)
		}
	}
	if err := stage.CheckStart(ctx); err != nil {
		return checked, fmt.Errorf("nothing was changed, since Apache would not accept the result: %w", err)
	}
	if err := s.Preflight(plan); err != nil {
		return checked, fmt.Errorf("nothing was changed: %w", err)
	}
	return checked, nil
}
