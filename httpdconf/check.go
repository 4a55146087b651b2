package httpdconf

import "strings"

// check reports, when all is read, what httpd finds when it carries out the
// tree: directives that no module has, and arguments that do not fit.
func (r *reader) check() {
	for d := r.config.first; d != nil; d = d.following() {
		if message := r.checkDirective(d); message != "" {
			r.report(Error, placeOf(d), message)
		}
	}
}

func (r *reader) checkDirective(d *Directive) string {
	known := r.modules.directive(d.Name)
	if known == nil {
		if !r.modules.complete || r.modules.foreign || d.Unknown != nil {
			return ""
		}
		return "Invalid command '" + d.Name + "', perhaps misspelled or defined by a module not included in the server configuration"
	}
	if known.Context&OnRead != 0 {
		return ""
	}
	return checkArgs(&known.DirectiveForm, d.Args)
}

// checkArgs checks the number of arguments as invoke_cmd does, and gives what
// httpd would say, or "".
func checkArgs(form *DirectiveForm, args string) string {
	if form.Args == ArgsRaw || form.Args == ArgsList {
		return ""
	}
	first, afterFirst := firstWord(args)
	second, afterSecond := firstWord(afterFirst)
	third, afterThird := firstWord(afterSecond)
	switch form.Args {
	case ArgsNone:
		return complain(args != "", form, "takes no arguments")
	case ArgsFlag:
		return complain(!strings.EqualFold(first, "on") && !strings.EqualFold(first, "off"), form, "must be On or Off")
	case Args1:
		return complain(first == "" || afterFirst != "", form, "takes one argument")
	case Args2:
		return complain(first == "" || second == "" || afterSecond != "", form, "takes two arguments")
	case Args12:
		return complain(first == "" || afterSecond != "", form, "takes 1-2 arguments")
	case Args3:
		return complain(first == "" || second == "" || third == "" || afterThird != "", form, "takes three arguments")
	case Args23:
		return complain(first == "" || second == "" || afterThird != "", form, "takes two or three arguments")
	case Args123:
		return complain(first == "" || afterThird != "", form, "takes one, two or three arguments")
	case Args13:
		return complain(first == "" || second != "" && afterSecond == "" || afterThird != "", form, "takes one or three arguments")
	case ArgsIterate:
		return complain(first == "", form, "requires at least one argument")
	default:
		return complain(first == "" || afterFirst == "", form, "requires at least two arguments")
	}
}

// complain gives the message when something is wrong.
func complain(wrong bool, form *DirectiveForm, what string) string {
	if !wrong {
		return ""
	}
	return form.Name + " " + what
}
