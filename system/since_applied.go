package system

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/plural"
)

// SitesSinceApplied asks each site of a generation, and gives why those that are not
// served as they were applied are not, by their names.
func (m Manager) SitesSinceApplied(ctx context.Context, g Generation) map[string]error {
	troubles, err := m.Ask(ctx, g)
	found := map[string]error{}
	for name, site := range g.Sites {
		trouble := errors.Join(err, troubles[name])
		switch {
		case m.WasEnabled(g, name):
			trouble = errors.New("declared as disabled, and enabled by a person since it was applied")
		case site.Disabled:
			trouble = nil
		case m.WasDisabled(g, name):
			trouble = errors.New("disabled by a person since it was applied")
		}
		if trouble != nil {
			found[name] = trouble
		}
	}
	return found
}

// Files are the declarations that a generation is of, sorted.
func (g Generation) Files() []string {
	files := map[string]bool{}
	for _, site := range g.Sites {
		files[site.File] = true
	}
	return slices.Sorted(maps.Keys(files))
}

// DeclaredSinceApplied is an error where a declaration is not what was applied: it says
// what is pending, or why nothing can be.
func (s *Session) DeclaredSinceApplied(file string) error {
	plan, err := s.PlanOf(file)
	switch {
	case err != nil:
		return err
	case len(plan.Conflicts) > 0:
		return fmt.Errorf("apply would change nothing, since %s: wsgictl plan --file %s shows it", plan.Conflicts[0].ByAPerson(), detect.ShellArgument(file))
	case !plan.IsEmpty():
		return fmt.Errorf("%s: wsgictl plan --file %s", arePending(len(plan.Changes)), detect.ShellArgument(file))
	}
	return nil
}

func arePending(changes int) string {
	pending := plural.Count(changes, "change")
	switch changes {
	case 0:
		return "whose sites these are is to be recorded"
	case 1:
		return pending + " is pending"
	}
	return pending + " are pending"
}
