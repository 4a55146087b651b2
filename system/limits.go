package system

import (
	"fmt"
	"maps"
	"slices"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/templates"
)

// Limits are the sizes of the whole server that a wsgictl.toml asks for. They
// are computed from the daemon process groups of all sites, whoever declares
// them.
type Limits struct {
	File    string `json:"file"` // the wsgictl.toml that asks for them
	Arrival int    `json:"arrival"`
	Reserve int    `json:"reserve"`
}

const limitsName = "wsgictl-limits"

// nextLimits are those after a declaration is applied. One server has one size,
// so that one declaration alone can ask for it.
func nextLimits(current Limits, d Declaration) (Limits, error) {
	asked := d.Limits.Arrival != 0 || d.Limits.Reserve != 0
	switch {
	case d.Partly:
		return current, nil
	case asked && current.File != "" && current.File != d.File && isFile(current.File):
		return Limits{}, fmt.Errorf("[limits] are for the whole server, and %s has them already: take them away in one of the two", current.File)
	case asked:
		return Limits{File: d.File, Arrival: d.Limits.Arrival, Reserve: d.Limits.Reserve}, nil
	case current.File == d.File:
		return Limits{}, nil
	}
	return current, nil
}

// limits wants the sizes of the whole server, as long as a site is there of the
// declaration that asks for them.
func (a *Apache) limits(s *scope, limits Limits) (Limits, error) {
	asked := slices.Contains(filesOf(s.sites), limits.File)
	if !asked {
		limits = Limits{}
	}
	sizing := templates.Limits{Arrival: limits.Arrival, Reserve: limits.Reserve, MPM: a.MPM}
	var err error
	if sizing.Daemons, err = served(s.sites); err != nil {
		return Limits{}, err
	}
	if !asked || len(sizing.Daemons) == 0 {
		for path := range a.serverFile(s, limitsName, "", rankLimits) {
			s.giveUp(path)
		}
		return limits, nil
	}
	text, err := sizing.Render()
	if err != nil {
		return Limits{}, err
	}
	s.share(a.serverFile(s, limitsName, text, rankLimits))
	return limits, nil
}

// served are the daemon process groups of the sites that are enabled, by name, with
// their sizes.
func served(sites map[string]Site) ([]templates.Daemon, error) {
	daemons := map[string]templates.Daemon{}
	for name, site := range sites {
		if site.Disabled {
			continue
		}
		release, err := modwsgi.ParseRelease(site.Release)
		if err != nil {
			return nil, fmt.Errorf("site %s: %w", name, err)
		}
		daemons[site.Daemon] = templates.Daemon{Name: site.Daemon, Release: release, Settings: site.Sizes}
	}
	var all []templates.Daemon
	for _, name := range slices.Sorted(maps.Keys(daemons)) {
		all = append(all, daemons[name])
	}
	return all, nil
}

// serverFile is a file of the main server's, enabled.
func (a *Apache) serverFile(s *scope, name, text string, rank int) map[string]Want {
	all := map[string]Want{}
	wants{a.places.Config, all, s.current.Managed}.put(name, withFirstLine(text, ""), rank)
	return all
}

// sized are the daemon options that, beside processes, say how many requests a
// daemon process group can hold, and how long Apache tries to hand one over.
var sized = []string{"threads", "listen-backlog", "connect-timeout"}

func sizesOf(daemon templates.Daemon) ([]modwsgi.Setting, error) {
	options, err := daemon.Options()
	if err != nil {
		return nil, err
	}
	sizes := []modwsgi.Setting{{Name: "processes", Value: "1"}} // which the options leave out
	for _, option := range options {
		if option.Name == "processes" {
			sizes[0].Value = option.Value
		} else if slices.Contains(sized, option.Name) {
			sizes = append(sizes, modwsgi.Setting{Name: option.Name, Value: option.Value})
		}
	}
	return sizes, nil
}

// SizesServer tells whether a plan changes the sizes of the whole server.
// Apache takes ServerLimit up only when it is stopped and started.
func (a *Apache) SizesServer(plan *Plan) bool {
	return slices.ContainsFunc(plan.Changes, func(c store.Change) bool { return c.Path == a.places.Config.File(limitsName) })
}
