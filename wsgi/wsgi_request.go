package wsgi

import (
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// wsgiRequest is a request to mod_wsgi: one of a client, or a sample of those that
// come by an entry point.
type wsgiRequest struct {
	*request.Settings
	view    *View
	server  *Server
	client  *request.Handled // nil for a sample
	handler request.Handler
	port    int // that names of groups carry, unless it is 80 or 443

	script      string // SCRIPT_NAME; only with scriptKnown
	scriptKnown bool
}

// ofClient is the request that mod_wsgi gets with a client's request.
func (s *Server) ofClient(v *View, h *request.Handled) *wsgiRequest {
	return &wsgiRequest{
		Settings: h.Settings, view: v, server: s, client: h, handler: h.Handler, port: h.Settings.ServerPort(),
		script: h.ScriptName, scriptKnown: h.Settings.Request.File != "",
	}
}

// handlerScript is the WSGIHandlerScript with that name that is in effect, or
// nil.
func handlerScript(set *request.Settings, name string) *conf.Directive {
	return set.PickWhere(func(d *conf.Directive) bool {
		return d.Is("WSGIHandlerScript") && d.Word(0) == name
	}, "WSGIHandlerScript").Likely()
}
