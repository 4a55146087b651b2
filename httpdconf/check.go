package httpdconf

import (
	"slices"
	"strings"
)

// check reports, when all is read, what httpd finds when it carries out the
// tree: directives that no module has, or that stand where they may not, and
// arguments that do not fit. What the modules themselves say of a value is
// beyond it.
//
// Parts of the tree are checked side by side: on two processors that takes a
// twentieth off the time in which 100 MB in one file are audited.
func (r *reader) check() {
	top := slices.Collect(r.config.Directives())
	found := make([][]complaint, len(top))
	inParts(len(top), func(from, to int) {
		for i := from; i < to; i++ {
			found[i] = r.checkTree(top[i])
		}
	})
	for _, c := range slices.Concat(found...) {
		r.report(Error, placeOf(c.Directive), c.message)
	}
}

// complaint is what is wrong with a directive.
type complaint struct {
	*Directive
	message string
}

// checkTree finds what is wrong with a directive and all inside it.
func (r *reader) checkTree(top *Directive) (found []complaint) {
	add := func(d *Directive, message string) {
		if message != "" {
			found = append(found, complaint{d, message})
		}
	}
	for d := top; ; {
		add(d, r.checkDirective(d))
		if d.child != nil {
			d = d.child
			continue
		}
		for d != top && d.next == nil {
			add(d, checkRest(d))
			d = d.Parent
		}
		add(d, checkRest(d))
		if d == top {
			return found
		}
		d = d.next
	}
}

func (r *reader) checkDirective(d *Directive) string {
	known := r.knownAs(d.Name)
	if known == nil {
		if !r.modules.complete || r.modules.foreign || d.Unknown != nil {
			return ""
		}
		return "Invalid command '" + d.Name + "', perhaps misspelled or defined by a module not included in the server configuration"
	}
	if known.Context&OnRead != 0 {
		return ""
	}
	message := r.checkForm(&known.DirectiveForm, d)
	for i := range known.older {
		if message == "" || r.checkForm(&known.older[i], d) == "" {
			return ""
		}
	}
	return message
}

// checkForm checks a directive as a release does that has it in this form.
func (r *reader) checkForm(form *DirectiveForm, d *Directive) string {
	if message := r.checkContext(form.Context, d); message != "" {
		return message
	}
	if d.IsSection() {
		return checkSection(d)
	}
	if message := checkArgs(form, d.Args); message != "" {
		return message
	}
	return checkValue(d)
}

// knownAs is the directive of that name. It remembers nothing: it is called
// side by side.
func (r *reader) knownAs(name string) *knownDirective {
	if s := r.names[name]; s != nil {
		return r.modules.usable(s.known)
	}
	return r.modules.directive(name)
}

// checkContext checks the place of a directive as invoke_cmd does. A part of a
// configuration may be meant for any place.
func (r *reader) checkContext(context Context, d *Directive) string {
	switch {
	case d.Parent == nil && r.modules.complete && !r.isHtaccess && context&outsideSections == 0:
		return d.Name + " not allowed here"
	case d.Parent != nil && context&contextOf(d.Parent) == 0:
		return d.Name + " not allowed in " + d.Parent.Name + "> context"
	}
	return ""
}

// outsideSections is what may stand in the main server and in a virtual host.
const outsideSections = (InServer | OverrideAll) &^ (OverrideAuthConfig | OverrideLimit)

// contextOf is what may stand in a section: everything where the section is
// one that only its module knows.
func contextOf(section *Directive) Context {
	for at := section; at != nil; at = at.Parent {
		switch kind, _ := kindOfSection(at); {
		case kind != otherSection:
			return OverrideAll | InDirectory
		case at.Is("<VirtualHost"):
			return outsideSections
		case at.Is("<Proxy"), at.Is("<ProxyMatch"):
			return OverrideAll | InDirectory | InProxy
		case at.Is("<Limit"), at.Is("<LimitExcept"), isRequireSection(at):
			continue
		}
		return ^Context(0)
	}
	return ^Context(0)
}

func isRequireSection(d *Directive) bool {
	return d.Is("<RequireAll") || d.Is("<RequireAny") || d.Is("<RequireNone")
}

// checkSection checks the argument and the place of a section of the core
// (server/core.c: dirsection, urlsection, filesection, ifsection,
// virtualhost_section, ap_limit_section).
func checkSection(d *Directive) string {
	kind, _ := kindOfSection(d)
	isHost, isLimit := d.Is("<VirtualHost"), d.Is("<Limit") || d.Is("<LimitExcept")
	if kind == otherSection && !isHost && !isLimit {
		return ""
	}
	if isHost && d.Within("<VirtualHost") != nil {
		return "<VirtualHost> cannot occur within <VirtualHost> section"
	}
	if kind == filesSection {
		for _, outer := range []string{"<Location", "<LocationMatch"} {
			if d.Within(outer) != nil {
				return d.Name + "> cannot occur within " + outer + "> section"
			}
		}
	}
	argument, closed := cutLast(d.Args, ">")
	switch {
	case !closed:
		return d.Name + "> directive missing closing '>'"
	case d.Is("<Else"):
		if argument != "" {
			return "<Else> does not take an argument"
		}
	case argument == "":
		return d.Name + "> directive requires additional arguments"
	}
	return ""
}

// checkRest checks, as httpd does after all that is inside a section, that its
// line has no second argument.
func checkRest(d *Directive) string {
	if !d.IsSection() {
		return ""
	}
	kind, _ := kindOfSection(d)
	word, rest := firstWord(beforeBracket(d.Args))
	if kind == otherSection || d.Is("<Else") {
		return ""
	}
	if word == "~" && (d.Is("<Directory") || d.Is("<Location") || d.Is("<Files")) {
		_, rest = firstWord(rest)
	}
	switch {
	case rest == "":
		return ""
	case kind == conditionSection:
		return "Multiple " + d.Name + "> arguments not supported."
	}
	return "Multiple " + d.Name + "> arguments not (yet) supported."
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
		return wrongArgs(args != "", form, "takes no arguments")
	case ArgsFlag:
		return wrongArgs(!strings.EqualFold(first, "on") && !strings.EqualFold(first, "off"), form, "must be On or Off")
	case Args1:
		return wrongArgs(first == "" || afterFirst != "", form, "takes one argument")
	case Args2:
		return wrongArgs(first == "" || second == "" || afterSecond != "", form, "takes two arguments")
	case Args12:
		return wrongArgs(first == "" || afterSecond != "", form, "takes 1-2 arguments")
	case Args3:
		return wrongArgs(first == "" || second == "" || third == "" || afterThird != "", form, "takes three arguments")
	case Args23:
		return wrongArgs(first == "" || second == "" || afterThird != "", form, "takes two or three arguments")
	case Args123:
		return wrongArgs(first == "" || afterThird != "", form, "takes one, two or three arguments")
	case Args13:
		return wrongArgs(first == "" || second != "" && afterSecond == "" || afterThird != "", form, "takes one or three arguments")
	case ArgsIterate:
		return wrongArgs(first == "", form, "requires at least one argument")
	default:
		return wrongArgs(first == "" || afterFirst == "", form, "requires at least two arguments")
	}
}

// wrongArgs gives the message when something is wrong.
func wrongArgs(wrong bool, form *DirectiveForm, what string) string {
	if !wrong {
		return ""
	}
	return form.Name + " " + what
}
