package request

import (
	"maps"
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// merge is what holds where inner stands inside of s (config_server_merge,
// config_perdir_merge).
func (s ruleSet) merge(inner ruleSet) ruleSet {
	if !inner.any {
		return s
	}
	merged := inner
	if len(inner.options) == 0 {
		merged.options = s.options
	}
	if merged.base == "" && merged.has("mergebase") {
		merged.base = s.base
	}
	down := func(option string) bool { return slices.Contains(s.options, option) && !merged.has("ignoreinherit") }
	switch {
	case merged.has("inherit") || down("inheritdown"):
		merged.rules = slices.Concat(inner.rules, s.rules)
		merged.maps = overlay(inner.maps, s.maps)
	case merged.has("inheritbefore") || down("inheritdownbefore"):
		merged.rules = slices.Concat(s.rules, inner.rules)
		merged.maps = overlay(s.maps, inner.maps)
	}
	return merged
}

// overlay are the maps of both, those of over where both have one of a name.
func overlay(over, under map[string]rewriteMap) map[string]rewriteMap {
	both := maps.Clone(under)
	maps.Copy(both, over)
	return both
}

// certainRules are those that the server has outside of sections, parsed once;
// nil where some may not be in effect.
func (s *Server) certainRules() *ruleSet {
	s.rulesOnce.Do(func() {
		doubtful := false
		rules := readRules(s.Config, s.level(ofRewrite...), func(d *conf.Directive) bool {
			return s.IsInEffect(d, func(Doubt) bool { doubtful = true; return true })
		})
		rules.any = rules.any || s.hasRulesInside()
		if !doubtful {
			s.rules = &rules
		}
	})
	return s.rules
}

// ownRules are those that the server has outside of sections.
func (s *Server) ownRules(assume Assume) ruleSet {
	if certain := s.certainRules(); certain != nil {
		return *certain
	}
	rules := readRules(s.Config, s.level(ofRewrite...), func(d *conf.Directive) bool { return s.IsInEffect(d, assume) })
	rules.any = rules.any || s.hasRulesInside()
	return rules
}

// hasRulesInside tells whether a section of a virtual host has anything of
// mod_rewrite. Then the host has a configuration of the module's own, which is empty
// but takes the place of the main server's rules and maps (ap_set_config_vectors).
func (s *Server) hasRulesInside() bool {
	if s.Main == nil || !slices.ContainsFunc(ofRewrite, s.Config.Has) {
		return false
	}
	s.insideOnce.Do(func() {
		for d := range s.Directives() {
			if s.inside = d.IsSection() && hasRules(d); s.inside {
				return
			}
		}
	})
	return s.inside
}

func hasRules(section *conf.Directive) bool {
	for d := range section.Children() {
		if d.Unknown == section.Unknown && isOfRewrite(d) || d.IsSection() && hasRules(d) {
			return true
		}
	}
	return false
}

// allRules are those of the server and of the main server, put together once
// where all are in effect for certain.
func (s *Server) allRules(assume Assume) *ruleSet {
	s.mergedOnce.Do(func() {
		if own := s.certainRules(); own != nil && (s.Main == nil || s.Main.certainRules() != nil) {
			s.merged = s.mergedRules(Certainly)
			s.merged.index = newRuleIndex(s.merged.rules, s.Config)
		}
	})
	if s.merged != nil {
		return s.merged
	}
	return s.mergedRules(assume)
}

func (s *Server) mergedRules(assume Assume) *ruleSet {
	rules := s.ownRules(assume)
	if s.Main != nil {
		rules = s.Main.ownRules(assume).merge(rules)
	}
	return &rules
}

// serverRules are the rules of the server that are in effect. RewriteEngine may
// be On or Off in a Location too, and a virtual host that has nothing of
// mod_rewrite does without.
func (q received) serverRules(early *Settings) *ruleSet {
	if !q.server.Config.Has("RewriteRule") || !early.setting("RewriteEngine", q.assume).IsOn() {
		return &ruleSet{}
	}
	if q.server.Main != nil && !q.server.ownRules(q.assume).any {
		return &ruleSet{}
	}
	return q.allRules()
}

// allRules are those of the server on this branch: where it decides which are in
// effect, they are read anew.
func (q received) allRules() *ruleSet {
	rules := q.server.allRules(q.assume)
	if rules != q.server.merged {
		q.spend(2*len(rules.rules), nil)
	}
	return rules
}
