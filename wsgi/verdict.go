package wsgi

import (
	"cmp"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// Mode is how the requests of an application are answered.
type Mode string

// The modes. Dynamic is for what only the request decides.
const (
	DaemonMode Mode = "daemon"
	Embedded   Mode = "embedded"
	Refused    Mode = "refused"
	Dynamic    Mode = "dynamic"
	None       Mode = "none" // no WSGI application answers
)

// The codes with which mod_wsgi 6 refuses a request; 4.x and 5.x log their
// texts alone.
const (
	CodeEmbeddedDisabled  = "WSGI0143"
	CodeGroupRestricted   = "WSGI0149"
	CodeNoGroups          = "WSGI0150"
	CodeGroupUnknown      = "WSGI0151"
	CodeGroupInaccessible = "WSGI0152"
)

// Verdict is the mode that a request runs in.
type Verdict struct {
	Mode         Mode
	Error        string // the code of a refusal
	ProcessGroup string // expanded; of a dynamic one, as written
	Daemon       *Daemon
	DecidedBy    *conf.Directive
	Reason       expr.Reason // why it is dynamic
}

// IsEmbeddedRefused tells whether requests get 500 since they would run embedded
// and WSGIRestrictEmbedded forbids that.
func (v Verdict) IsEmbeddedRefused() bool {
	return v.Mode == Refused && v.Error == CodeEmbeddedDisabled
}

// same tells whether two verdicts send a request to the same place.
func (v Verdict) same(other Verdict) bool {
	return v.Mode == other.Mode && v.Error == other.Error && v.ProcessGroup == other.ProcessGroup
}

// decide gives the verdict on a request that the script of mount serves. option is
// its process-group option, where it has one.
func (q *wsgiRequest) decide(mount *conf.Directive, option *string) Verdict {
	if dispatch := q.Pick("WSGIDispatchScript"); len(dispatch.Candidates) > 0 {
		d := dispatch.Candidates[0]
		return Verdict{Mode: Dynamic, DecidedBy: d, ProcessGroup: q.rawGroup(option),
			Reason: Undecided{ByDispatchScript, d.Word(0)}}
	}
	groups := request.Choice{}
	if option == nil {
		groups = q.Pick("WSGIProcessGroup")
	}
	restrictions := q.Pick("WSGIRestrictProcess")
	for _, choice := range []request.Choice{q.Pick("WSGIDispatchScript"), groups, restrictions} {
		if choice.Cut {
			return Verdict{Mode: Dynamic, DecidedBy: mount, ProcessGroup: q.rawGroup(option), Reason: choice.Doubt.Reason}
		}
	}
	var first *Verdict
	for _, group := range q.apart(mount, option, groups.Alternatives()) {
		for _, restriction := range restrictions.Alternatives() {
			verdict := q.verdict(group, restriction)
			if first == nil {
				first = &verdict
			} else if !first.same(verdict) {
				return Verdict{Mode: Dynamic, DecidedBy: first.DecidedBy, ProcessGroup: q.rawGroup(option),
					Reason: cmp.Or(groups.Doubt, restrictions.Doubt).Reason}
			}
		}
	}
	return *first
}

// rawGroup is the name of the process group as written, for a dynamic verdict.
func (q *wsgiRequest) rawGroup(option *string) string {
	if option != nil {
		return *option
	}
	if groups := q.Pick("WSGIProcessGroup"); len(groups.Candidates) > 0 {
		return groups.Candidates[0].Word(0)
	}
	return ""
}

// chosenGroup is the name of a process group that may be in effect, and what names it.
type chosenGroup struct {
	raw, name string
	reason    expr.Reason
	by        *conf.Directive
}

// apart are the groups of these WSGIProcessGroup that differ in their names, of
// which nil stands for none: those that bear one name have the same verdicts.
func (q *wsgiRequest) apart(mount *conf.Directive, option *string, directives []*conf.Directive) (groups []chosenGroup) {
	type named struct {
		name   string
		reason expr.Reason
	}
	seen := map[named]bool{}
	for _, d := range directives {
		group := chosenGroup{by: mount}
		switch {
		case option != nil:
			group.raw = *option
		case d != nil:
			group.raw, group.by = d.Word(0), d
		}
		group.name, group.reason = q.expand(group.raw)
		if as := (named{group.name, group.reason}); !seen[as] {
			seen[as] = true
			groups = append(groups, group)
		}
	}
	return groups
}

// verdict follows the checks of wsgi_execute_remote and wsgi_hook_handler in
// their order. restriction is the directive in effect, or nil.
func (q *wsgiRequest) verdict(group chosenGroup, restriction *conf.Directive) Verdict {
	raw, name, by := group.raw, group.name, group.by
	if group.reason != nil {
		return Verdict{Mode: Dynamic, ProcessGroup: raw, DecidedBy: by, Reason: group.reason}
	}
	listed := q.view.groupsListedBy(restriction)
	switch {
	case restriction == nil || listed.admit(name):
	case conf.HasMark(name) || listed.isTemplate:
		return Verdict{Mode: Dynamic, ProcessGroup: raw, DecidedBy: restriction, Reason: Undecided{GroupIsListed, name}}
	default:
		return Verdict{Mode: Refused, Error: CodeGroupRestricted, ProcessGroup: name, DecidedBy: restriction}
	}
	if name == "" {
		return q.embedded(by)
	}
	return q.daemon(name, by)
}

// embedded is the verdict on a request without a process group.
func (q *wsgiRequest) embedded(by *conf.Directive) Verdict {
	d := q.view.RestrictEmbedded
	if d != nil && conf.HasMark(d.Args) {
		return Verdict{Mode: Dynamic, DecidedBy: d, Reason: Undecided{Kind: EmbeddedIsForbidden}}
	}
	if d == nil || !strings.EqualFold(d.Word(0), "On") {
		return Verdict{Mode: Embedded, DecidedBy: by}
	}
	if doubt := q.Doubt(d); doubt != nil {
		return Verdict{Mode: Dynamic, DecidedBy: d, Reason: doubt.Reason}
	}
	return Verdict{Mode: Refused, Error: CodeEmbeddedDisabled, DecidedBy: d}
}

// daemon is the verdict on a request to the process group name.
func (q *wsgiRequest) daemon(name string, by *conf.Directive) Verdict {
	refused := Verdict{Mode: Refused, ProcessGroup: name, DecidedBy: by}
	daemon := q.view.groups[name]
	switch {
	case len(q.view.groups) == 0:
		refused.Error = CodeNoGroups
		return refused
	case daemon == nil && (conf.HasMark(name) || q.view.HasMarkedGroup()):
		return Verdict{Mode: Dynamic, ProcessGroup: name, DecidedBy: by, Reason: Undecided{GroupIsDeclared, name}}
	case daemon == nil:
		refused.Error = CodeGroupUnknown
		return refused
	}
	if doubt := q.Doubt(daemon.Directive); doubt != nil {
		return Verdict{Mode: Dynamic, ProcessGroup: name, DecidedBy: by, Reason: doubt.Reason}
	}
	if !daemon.ServesFrom(q.Server.Server) {
		if conf.HasMark(daemon.Server.Name) || conf.HasMark(q.Server.Server.Name) {
			return Verdict{Mode: Dynamic, ProcessGroup: name, DecidedBy: by, Reason: Undecided{GroupIsOfServer, name}}
		}
		refused.Error = CodeGroupInaccessible
		return refused
	}
	return Verdict{Mode: DaemonMode, ProcessGroup: name, Daemon: daemon, DecidedBy: by}
}
