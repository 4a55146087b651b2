package wsgi

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
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
	group := chosenGroup{by: mount}
	if option != nil {
		group.raw = *option
	} else if d := q.Setting("WSGIProcessGroup"); d != nil {
		group.raw, group.by = d.Word(0), d
	}
	if d := q.Setting("WSGIDispatchScript"); d != nil {
		return Verdict{Mode: Dynamic, DecidedBy: d, ProcessGroup: group.raw, Reason: Undecided{ByDispatchScript, d.Word(0)}}
	}
	group.name, group.reason = q.expand(group.raw)
	return q.verdict(group, q.Setting("WSGIRestrictProcess"))
}

// chosenGroup is the name of the process group that is in effect, and what names it.
type chosenGroup struct {
	raw, name string
	reason    expr.Reason
	by        *conf.Directive
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
	if doubt := q.Settings.Doubt(d); doubt != nil {
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
	if doubt := q.Settings.Doubt(daemon.Directive); doubt != nil {
		return Verdict{Mode: Dynamic, ProcessGroup: name, DecidedBy: by, Reason: doubt.Reason}
	}
	if !daemon.ServesFrom(q.conf()) {
		if conf.HasMark(daemon.Server.Name) || conf.HasMark(q.conf().Name) {
			return Verdict{Mode: Dynamic, ProcessGroup: name, DecidedBy: by, Reason: Undecided{GroupIsOfServer, name}}
		}
		refused.Error = CodeGroupInaccessible
		return refused
	}
	return Verdict{Mode: DaemonMode, ProcessGroup: name, Daemon: daemon, DecidedBy: by}
}
