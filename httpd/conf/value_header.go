package conf

import "strings"

var headerActions = []string{"add", "set", "setifempty", "append", "merge", "unset", "echo", "note", "edit", "edit*"}

// checkHeader is header_cmd and header_inout_cmd, for Header and RequestHeader.
func checkHeader(_ *reader, d *Directive) string {
	var room [8]string
	words := d.WordsIn(&room)
	if d.Is("Header") && len(words) > 0 && containsFold([]string{"always", "onsuccess"}, words[0]) {
		words = words[1:]
	}
	action := ""
	if len(words) > 0 {
		action, words = strings.ToLower(words[0]), words[1:]
	}
	switch {
	case d.Is("RequestHeader") && len(words) == 0:
		return "" // the number of its arguments is checked before
	case len(words) > 4:
		return d.Name + " has too many arguments"
	case !containsFold(headerActions, action):
		return "first argument must be 'add', 'set', 'setifempty', 'append', 'merge', 'unset', 'echo', 'note', 'edit', or 'edit*'."
	case d.Is("RequestHeader") && action == "note":
		return "RequestHeader does not support the 'note' action"
	case d.Is("RequestHeader") && action == "echo":
		return ""
	}
	return checkHeaderWords(action, words)
}

// checkHeaderWords checks what follows the action: a header, its value, and a
// condition.
func checkHeaderWords(action string, words []string) string {
	needed := 2
	switch action {
	case "edit", "edit*":
		if needed = 3; len(words) < needed {
			return "Header edit requires a match and a substitution"
		}
		if IsBrokenPattern(words[1]) {
			return "Header edit regex could not be compiled"
		}
	case "unset", "echo":
		needed = 1
	}
	switch {
	case len(words) > needed+1 && needed == 2:
		return "Too many arguments to directive"
	case len(words) > needed+1:
		return "header " + action + " takes two arguments"
	case len(words) < needed && needed == 2:
		return "Header requires three arguments"
	case len(words) <= needed:
		return ""
	}
	return checkHeaderCondition(words[needed])
}

// checkHeaderCondition checks when a header is set: most often what stands
// there is the rest of a value without quotes.
func checkHeaderCondition(word string) string {
	lower := strings.ToLower(word)
	switch name, isVariable := strings.CutPrefix(lower, "env="); {
	case isVariable && (name == "" || name == "!"):
		return "error: missing environment variable name. envclause should be in the form env=envar "
	case lower == "early", isVariable, strings.HasPrefix(lower, "expr="):
		return ""
	}
	return "Unknown parameter: " + word
}
