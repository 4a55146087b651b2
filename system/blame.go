package system

import (
	"fmt"
	"slices"
)

// blame says of a configuration that httpd does not accept where that is, and whose file
// it is, where that is not one of the sites that the plan is about.
func (p *Plan) blame(err error) error {
	if err == nil {
		return nil
	}
	f := syntaxFault(err)
	owners := p.Next.Managed[f.file].Owners
	switch {
	case f.file == "":
		return err
	case len(owners) == 0:
		return f.told(p.Before.whose(f.file))
	case slices.ContainsFunc(owners, func(name string) bool { return !slices.Contains(p.others, name) }):
		return f.told("")
	}
	return fmt.Errorf("%w; it keeps Apache from any reload, for whichever project, until it is fixed there, and the running server goes on as it is", f.told(p.Before.whose(f.file)))
}
