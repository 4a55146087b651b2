package wsgi

import (
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// wsgiRequest is a request to mod_wsgi on one branch: one of a client, or a sample of
// those that come by an entry point.
type wsgiRequest struct {
	*request.Handled
	view     *View
	server   *Server
	isSample bool
	port     int // that names of groups carry, unless it is 80 or 443

	script      string // SCRIPT_NAME; only with scriptKnown
	scriptKnown bool
}

// ofClient is the request that mod_wsgi gets with a client's request.
func (s *Server) ofClient(v *View, h *request.Handled) *wsgiRequest {
	return &wsgiRequest{
		Handled: h, view: v, server: s, port: h.Settings.ServerPort(), script: h.ScriptName, scriptKnown: h.Settings.Request.File != "",
	}
}

// conf is the server of the configuration.
func (q *wsgiRequest) conf() *conf.Server { return q.Settings.Server.Server }

// handlerScript is the WSGIHandlerScript with that name that is in effect, or
// nil.
func handlerScript(h *request.Handled, name string) *conf.Directive {
	return h.SettingWhere(func(d *conf.Directive) bool {
		return d.Is("WSGIHandlerScript") && d.Word(0) == name
	}, "WSGIHandlerScript")
}
