package system

import (
	"errors"
	"fmt"
	"slices"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/wsgi"
)

// Audit says what is wrong with the way in which the copy hosts applications.
func (s *Stage) Audit() audit.Result { return audit.Run(s.after, audit.Settings{}) }

// WithoutOthers leaves out of an audit's result what is in files of others and is
// so without the plan, too, and counts that.
func (s *Stage) WithoutOthers(result audit.Result) (own audit.Result, others int) {
	before := audit.Run(s.before, audit.Settings{})
	before.Findings = slices.DeleteFunc(before.Findings, func(f *audit.Finding) bool { return s.plan.isAbout(f.Pos.File) })
	asNamed := func(name string) string { return name }
	own = result.Without(before.Fingerprints(asNamed), asNamed)
	own.Ignored = result.Ignored
	return own, len(result.Findings) - len(own.Findings)
}

// isAbout tells whether a file is for a site that the plan is about.
func (p *Plan) isAbout(path string) bool {
	owners := p.Next.Managed[path].Owners
	return wholly(p.Next.Managed, path) && (len(owners) == 0 || slices.ContainsFunc(owners, func(site string) bool { return !slices.Contains(p.others, site) }))
}

// view is a configuration of this machine's Apache.
func (a *Apache) view(config *conf.Config, host *detect.Host) *wsgi.View {
	view := wsgi.Look(config, modwsgi.Release{}, host)
	view.Start = &installed.Start{Program: a.Path, Envvars: a.EnvVars, Variables: a.environment}
	view.CannotEnter = func(user, home, apacheUser string) string { return detect.WorkingFolder("", user, home, apacheUser) }
	return view
}

// CheckTrust refuses a result by which Apache would use as root what somebody
// can change who is not trusted. It comes before ConfigTest, for which httpd
// reads and loads what the configuration names.
func (s *Stage) CheckTrust() error { return s.apache.refuseExposed(s.after, s.before) }

// refuseExposed refuses what is exposed by a configuration; live is that in force.
func (a *Apache) refuseExposed(view, live *wsgi.View) error {
	var all []error
	for _, exposed := range exposedBy(view) {
		if err := a.trusted.Accept(exposed.Way); err != nil {
			all = append(all, a.refusalOf(exposed, live, err))
		}
	}
	return errors.Join(all...)
}

// exposedBy is what a configuration has Apache use as root and others can change,
// and by which they become root.
func exposedBy(view *wsgi.View) []audit.Exposed {
	return slices.DeleteFunc(audit.ExposedOf(view), func(e audit.Exposed) bool { return e.Severity != audit.Error })
}

func (a *Apache) refusalOf(exposed audit.Exposed, live *wsgi.View, err error) error {
	already := ""
	if a.RunningPID() != 0 && usesAlready(live, exposed) {
		already = "; it does so already, so that who can change it becomes root without this command too"
	}
	return fmt.Errorf("Apache, as root, %s %s, which is not root's alone: %w%s; give it, and each folder on the way to it, to root%s",
		exposed.Verb, exposed.Path, err, already, trust.AtOwnRisk(err))
}

// usesAlready tells whether the configuration in force has Apache use it too.
func usesAlready(live *wsgi.View, exposed audit.Exposed) bool {
	return slices.ContainsFunc(exposedBy(live), func(e audit.Exposed) bool {
		return e.Path == exposed.Path && e.Verb == exposed.Verb
	})
}
