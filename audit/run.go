package audit

import "slices"

// Settings choose what an audit tells.
type Settings struct {
	Select   []string // ids, beginnings of ids or names; empty for all rules
	Ignore   []string
	Severity Severity // the least that is told
}

// Result is what an audit found.
type Result struct {
	Findings []*Finding // worst first
	Ignored  int        // findings that a comment or a baseline hides
}

// Run holds all rules that the settings select against a view.
func Run(v *View, settings Settings) Result {
	var passes []*Pass
	for _, rule := range Rules() {
		if settings.selects(rule) && rule.Releases.Knows(v.Release) && rule.Check != nil {
			passes = append(passes, &Pass{View: v, rule: rule})
		}
	}
	sideBySide(len(passes), func(i int) { passes[i].rule.Check(passes[i]) })
	var findings []*Finding
	for _, pass := range passes {
		findings = append(findings, pass.findings...)
	}
	findings = slices.DeleteFunc(findings, func(f *Finding) bool {
		return f.Directive != nil && f.Directive.Source.File.Template && f.Rule != templateFile
	})
	var result Result
	result.Findings, result.Ignored = applyComments(v, sortFindings(findings), settings)
	result.Findings = slices.DeleteFunc(result.Findings, func(f *Finding) bool { return f.Severity < settings.Severity })
	return result
}

// selects tells whether a rule is to be held against the configuration.
func (s Settings) selects(r *Rule) bool {
	names := func(list []string) bool { return slices.ContainsFunc(list, r.isCalled) }
	return (len(s.Select) == 0 || names(s.Select)) && !names(s.Ignore)
}
