package wsgi

import (
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// caseOfGroups is the first release that keeps capitals in the names of groups.
var caseOfGroups = modwsgi.MustParseRelease("6.0")

// expand gives the name of a process or application group that text stands for
// (wsgi_process_group, wsgi_application_group). The reason is set where only
// the request decides it; the text is not expanded then.
func (q *wsgiRequest) expand(text string) (name string, reason expr.Reason) {
	if !strings.HasPrefix(text, "%") {
		return text, nil
	}
	switch text {
	case "%{GLOBAL}":
		return "", nil
	case "%{SERVER}":
		return q.serverName(text)
	case "%{RESOURCE}":
		return q.resource()
	case "%{HOST}":
		if q.isSample {
			return text, Undecided{Kind: ByHost}
		}
		return q.withPort(q.Settings.Client.Hostname()), nil
	}
	if variable, ok := VariableOf(text); ok {
		return q.environment(text, variable)
	}
	return text, nil // taken as it stands
}

// VariableOf takes %{ENV:NAME} apart.
func VariableOf(text string) (name string, ok bool) {
	name, ok = strings.CutPrefix(text, "%{ENV:")
	if !ok || !strings.HasSuffix(name, "}") {
		return "", false
	}
	return strings.TrimSuffix(name, "}"), true
}

// serverName is ServerName, with the port where it is none of the usual ones.
func (q *wsgiRequest) serverName(text string) (name string, reason expr.Reason) {
	if q.conf().Name == "" {
		return text, Undecided{Kind: ByServerName}
	}
	return q.withPort(q.conf().Name), nil
}

// resource is the name that %{RESOURCE} stands for, and that an application
// group has by default: the server and the mount point of the script.
func (q *wsgiRequest) resource() (name string, reason expr.Reason) {
	server, reason := q.serverName("%{RESOURCE}")
	if reason != nil {
		return server, reason
	}
	if !q.scriptKnown {
		return "%{RESOURCE}", Undecided{Kind: ByScript}
	}
	return server + "|" + q.inCase(q.script), nil
}

// inCase is a mount point as names of groups have it: in lower case before mod_wsgi
// 6.0, and since then with WSGICaseSensitivity Off (wsgi_script_name).
func (q *wsgiRequest) inCase(script string) string {
	if release := q.view.Release; !release.IsZero() && release.Predates(caseOfGroups) {
		return strings.ToLower(script)
	}
	if !q.view.Config.Has("WSGICaseSensitivity") {
		return script
	}
	if sensitive := q.view.Main().Last("WSGICaseSensitivity"); sensitive != nil && strings.EqualFold(sensitive.Word(0), "Off") {
		return strings.ToLower(script)
	}
	return script
}

func (q *wsgiRequest) withPort(host string) string {
	if q.port == 0 || q.port == 80 || q.port == 443 {
		return host
	}
	return host + ":" + strconv.Itoa(q.port)
}

// applicationGroup is the interpreter that a request runs in: expanded where
// the configuration alone decides it.
func (q *wsgiRequest) applicationGroup(option *string) string {
	text := "%{RESOURCE}"
	if option != nil {
		text = *option
	} else if d := q.Setting("WSGIApplicationGroup"); d != nil {
		text = d.Word(0)
	}
	name, _ := q.expand(text)
	return name
}
