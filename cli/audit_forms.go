package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/intent"
)

// An auditForm is one thing that an audit prints or does, with the options that mean
// something to it. Any other of auditOptions would be ignored, so it is refused.
type auditForm struct {
	option  string   // that asks for it; empty for findings
	formats []string // values of --format
	takes   []string
}

var (
	anyFormat = []string{"text", "json", "sarif", "github", "junit"}
	choosing  = []string{"select", "ignore", "severity", "baseline"} // which findings there are
)

// auditForms are in the order in which an error names them.
var auditForms = []auditForm{
	{"live", []string{"text", "json"}, nil},
	{"url", []string{"text", "json"}, []string{"apps"}},
	{"apps", []string{"text", "json"}, nil},
	{"write-baseline", []string{"text"}, choosing},
	{"fix", anyFormat, slices.Concat(choosing, []string{"all", "explain", "unsafe-fixes"})},
	{"diff", []string{"text"}, slices.Concat(choosing, []string{"unsafe-fixes"})},
	{"summary", []string{"text"}, choosing},
	{"", anyFormat, slices.Concat(choosing, []string{"all", "explain"})},
}

// textOptions are about findings as text.
var textOptions = []string{"all", "explain"}

// checkForm refuses options that do not go together. What a file of settings says
// of findings is no wrong use where there are none.
func (c auditCommand) checkForm(flags intent.Given) error {
	given := c.givenOf(flags)
	form := auditForms[slices.IndexFunc(auditForms, func(f auditForm) bool { return f.option == "" || slices.Contains(given, f.option) })]
	for _, option := range given {
		if option != form.option && !slices.Contains(form.takes, option) {
			return usageError{form.refusal(option)}
		}
		if slices.Contains(textOptions, option) && c.Format != "text" {
			return usageError{fmt.Errorf("--%s is for text: leave --format %s out", option, c.Format)}
		}
	}
	if !slices.Contains(form.formats, c.Format) {
		return usageError{fmt.Errorf("--format %s does not go with --%s: that is printed as %s", c.Format, form.option, strings.Join(form.formats, " or "))}
	}
	return nil
}

// givenOf are the options of the table that were given, in its order.
func (c auditCommand) givenOf(flags intent.Given) []string {
	on := map[string]bool{
		"live": c.Live, "url": len(c.URL) > 0, "apps": c.Apps, "write-baseline": c.WriteBaseline, "fix": c.Fix, "diff": c.Diff, "summary": c.Summary,
		"all": c.All, "explain": c.Explain, "unsafe-fixes": c.UnsafeFixes,
	}
	for _, option := range choosing {
		on[option] = flags[option]
	}
	var given []string
	for _, form := range auditForms {
		for _, option := range append([]string{form.option}, form.takes...) {
			if on[option] && !slices.Contains(given, option) {
				given = append(given, option)
			}
		}
	}
	return given
}

// refusal says what to do about an option that the form does not take.
func (form auditForm) refusal(option string) error {
	isForm := slices.ContainsFunc(auditForms, func(f auditForm) bool { return f.option == option })
	switch {
	case form.option == "":
		return fmt.Errorf("--%s: say %s, too", option, strings.Join(formsWith(option), " or "))
	case isForm:
		return fmt.Errorf("--%s and --%s ask for two different things: leave one of them out", form.option, option)
	}
	return fmt.Errorf("--%s means nothing to --%s: leave one of them out", option, form.option)
}

// formsWith are the options that ask for what takes an option.
func formsWith(option string) []string {
	var options []string
	for _, form := range auditForms {
		if slices.Contains(form.takes, option) {
			options = append(options, "--"+form.option)
		}
	}
	return options
}
