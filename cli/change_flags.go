package cli

import (
	"fmt"

	"github.com/wsgictl/wsgictl/system"
	"github.com/wsgictl/wsgictl/templates"
)

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
