package express

import (
	"strings"
)

func (p *planner) applicationGroup() string {
	if p.command.ApplicationGroup == "" {
		return mainInterpreter
	}
	return p.command.ApplicationGroup
}

const mainInterpreter = "%{GLOBAL}"

// preload reports whether the application can be loaded before the first
// request: not when its interpreter is chosen by the request.
func (p *planner) preload() bool {
	group := p.applicationGroup()
	return group == mainInterpreter || !strings.Contains(group, "%{")
}
