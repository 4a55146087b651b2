package request

import (
	"slices"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Httpd is a configuration as requests meet it, with what is looked up once
// for all of its servers.
type Httpd struct {
	Config *conf.Config
	module Module
	maps   textMaps
	types  mimeTypes
	homes  homes

	takerKindsOnce sync.Once
	takerKinds     [takerKinds]bool // of which there is any
}

// New is an httpd with that configuration and one module besides its own.
func New(config *conf.Config, module Module) *Httpd {
	return &Httpd{Config: config, module: module}
}

// Module is a module that takes part in requests beside those of httpd.
type Module struct {
	// Names are those by which <IfModule> asks for it. It is taken for loaded
	// where the text does not tell: what is asked is what it would do.
	Names []string
	// Translate is its translate_name hook, which follows mod_alias: false where
	// it declines.
	Translate func(s *Server, uri string, assume Assume) (Translation, bool)
	// Handles tells whether its handler hook takes the request. It may refuse
	// it then.
	Handles func(r *Handled) (refusal Refusal, handles bool)
}

// Refusal is an error that ends a request. The zero value is none.
type Refusal struct {
	Status int         // of HTTP
	Reason expr.Reason // an Ending, or one of the module
}

// presumes tells whether a condition asks for the module, and what it holds.
func (m *Module) presumes(c *conf.Condition) (holds, presumed bool) {
	asks := c.Asks()
	if asks.Kind != conf.IfModule || !slices.ContainsFunc(m.Names, func(name string) bool { return strings.EqualFold(name, asks.Subject) }) {
		return false, false
	}
	return !c.Negated, true
}

// isAgainst tells whether a condition holds only without the module.
func (m *Module) isAgainst(c *conf.Condition) bool {
	holds, presumed := m.presumes(c)
	return presumed && !holds
}
