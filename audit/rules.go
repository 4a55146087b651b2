package audit

import (
	"fmt"
	"slices"
	"strings"
)

// Rules are all rules, by id. One line each, so that two who add some at the
// same time do not meet.
func Rules() []*Rule {
	return []*Rule{
		syntax,       // WC001
		templateFile, // WC002
		unusedIgnore, // WC003

		embeddedMode,             // WC101
		daemonDefinedNotUsed,     // WC102
		restrictEmbeddedMissing,  // WC103
		unknownProcessGroup,      // WC104
		groupNotAccessible,       // WC105
		preloadOrder,             // WC106
		duplicateDaemonName,      // WC107
		daemonUserShared,         // WC108
		timeoutsUnset,            // WC109
		localeUnset,              // WC110
		monitorDisabled,          // WC111
		cExtensionSubinterpreter, // WC112

		scriptUnderDocroot, // WC154

		removedDirective,    // WC199
		removedDaemonOption, // WC200
		tooNewDirective,     // WC201
		oldAccessControl,    // WC207
		certbotDuplicate,    // WC212
	}
}

// FindRule is the rule of that id or name.
func FindRule(name string) (*Rule, error) {
	rules := Rules()
	i := slices.IndexFunc(rules, func(r *Rule) bool { return strings.EqualFold(r.ID, name) || r.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("no rule %s: \"wsgictl rules\" lists them", name)
	}
	return rules[i], nil
}

// CheckNames reports a name in a selection that fits no rule.
func CheckNames(names []string) error {
	for _, name := range names {
		if !slices.ContainsFunc(Rules(), func(r *Rule) bool { return r.isCalled(name) }) {
			return fmt.Errorf("no rule %s: \"wsgictl rules\" lists them", name)
		}
	}
	return nil
}

// isCalled tells whether a word of a selection is for the rule: its name, its
// id, or the beginning of its id.
func (r *Rule) isCalled(word string) bool {
	return word != "" && (r.Name == word || strings.HasPrefix(r.ID, strings.ToUpper(word)))
}
