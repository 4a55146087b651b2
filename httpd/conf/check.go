package conf

import (
	"slices"
	"strings"
)

// check reports, when all is read, what httpd finds when it carries out the
// tree: directives that no module has, or that stand where they may not, and
// arguments that do not fit. What modules themselves say of a value is known of
// some.
//
// Parts of the tree are checked side by side: on two processors that takes a
// twentieth off the time in which 100 MB in one file are audited.
func (r *reader) check() {
	for _, s := range r.names {
		r.refresh(s)
	}
	top, right := r.config.top, r.rightAhead()
	found := make([][]complaint, len(top))
	inParts(len(top), func(from, to int) {
		for i := from; i < to; i++ {
			if !right[i] {
				found[i] = r.checkTree(top[i])
			}
		}
	})
	for _, c := range slices.Concat(found...) {
		if c.fault == unknownCommand(c.Name) { // by all that was read, and by one for all lines of a name
			c.advice = r.toLoad(c.Name, c.spelled)
		}
		r.reportFault(placeOf(c.Directive), c.fault)
	}
}

// complaint is what is wrong with a directive.
type complaint struct {
	*Directive
	fault
}

// fault is something wrong: what httpd says of it, or words of ours where it
// says little, and what to do where that is known.
type fault struct{ message, advice string }

// unknownCommand is what httpd says of a directive that no module has which is loaded.
func unknownCommand(name string) fault {
	return fault{message: "Invalid command '" + name + "', perhaps misspelled or defined by a module not included in the server configuration"}
}

// checkTree finds what is wrong with a directive and all inside it.
func (r *reader) checkTree(top *Directive) (found []complaint) {
	add := func(d *Directive, f fault) {
		if f.message != "" {
			found = append(found, complaint{d, f})
		}
	}
	for d := top; ; {
		add(d, r.checkDirective(d))
		if d.child != nil {
			d = d.child
			continue
		}
		for d != top && d.next == nil {
			add(d, fault{message: checkRest(d)})
			d = d.Parent
		}
		add(d, fault{message: checkRest(d)})
		if d == top {
			return found
		}
		d = d.next
	}
}

// foreignLetters says what to do about a name that no directive of any module has,
// since it holds what is no plain letter: as a rule the file is not the text that it
// looks like in an editor.
func foreignLetters(name string) (advice string) {
	isForeign := func(r rune) bool { return r < ' ' || r > '~' }
	switch {
	case HasMark(name) || !strings.ContainsFunc(name, isForeign):
		return ""
	case strings.HasPrefix(name, "\ufeff"):
		return "save the file without a byte order mark: httpd takes it for a part of the name"
	case strings.HasPrefix(name, "\xff\xfe"), strings.HasPrefix(name, "\xfe\xff"), strings.Contains(name, "\x00"):
		return "save the file as UTF-8, without a byte order mark: httpd does not read UTF-16"
	}
	return "write the name in plain letters: it holds others, which may look alike"
}

func (r *reader) checkDirective(d *Directive) fault {
	known := d.spelled.usable
	if known == nil {
		if d.Unknown != nil {
			return fault{}
		}
		if advice := foreignLetters(d.Name); advice != "" {
			return fault{"Invalid command '" + d.Name + "'", advice}
		}
		if !r.modules.knowsAll() || r.modules.foreign {
			return fault{}
		}
		return unknownCommand(d.Name)
	}
	if known.Context&OnRead != 0 {
		return fault{}
	}
	found := r.checkForms(known, d)
	if found.message == "" || d.IsSection() {
		return found
	}
	if args, comment := cutComment(d.Args); comment != "" {
		bare := *d
		bare.Args = args
		if r.checkForms(known, &bare).message == "" {
			return commentFault(known.Name, comment)
		}
	}
	return found
}

// checkForms checks a directive in the forms that the release may have it in:
// one that fits is enough.
func (r *reader) checkForms(known *knownDirective, d *Directive) fault {
	found := r.checkForm(known, &known.DirectiveForm, d)
	for i := range known.older {
		if found.message == "" {
			return found
		}
		if r.checkForm(known, &known.older[i], d).message == "" {
			return fault{}
		}
	}
	return found
}

// checkForm checks a directive as a release does that has it in this form: its
// place among sections, the number of its arguments, and what its own function
// asks.
func (r *reader) checkForm(known *knownDirective, form *DirectiveForm, d *Directive) fault {
	if message := r.checkContext(form.Context, d); message != "" {
		return fault{message, whereItMayStand(form.Context)}
	}
	isSection := d.IsSection()
	if !isSection {
		if message := checkArgs(form, d.Args); message != "" {
			return fault{message: message}
		}
	}
	if message := checkSections(form, d); message != "" {
		return fault{message, whereItMayStand(form.Context)}
	}
	if isSection {
		if message := r.checkSection(d); message != "" {
			return fault{message, adviceOn(message)}
		}
	}
	check := d.spelled.value
	if check == nil && known.refuses == nil || isOpen(d.Args) {
		return fault{}
	}
	if check != nil {
		if message := check(r, d); message != "" {
			return fault{message, adviceOn(message)}
		}
	}
	if known.refuses != nil {
		return fault{message: known.refuses(d)}
	}
	return fault{}
}

// isOpen tells arguments of which only the server knows what they become: with a
// variable that is not defined here, or a mark of a template.
func isOpen(args string) bool {
	return strings.IndexByte(args, '$') >= 0 && strings.Contains(args, "${") || HasMark(args)
}

// checkSection checks the argument of a section of the core
// (server/core.c: dirsection, urlsection, filesection, ifsection,
// virtualhost_section, ap_limit_section).
func (r *reader) checkSection(d *Directive) string {
	if isRequireSection(d) {
		return r.checkRequireSection(d)
	}
	kind, _ := kindOfSection(d)
	isHost, isLimit := d.Is("<VirtualHost"), d.Is("<Limit") || d.Is("<LimitExcept")
	if kind == otherSection && !isHost && !isLimit {
		return ""
	}
	argument, closed := cutBracket(d.Args)
	switch {
	case !closed:
		return unclosed(d.Name)
	case d.Is("<Else"):
		if argument != "" {
			return "<Else> does not take an argument"
		}
	case argument == "":
		return d.Name + "> directive requires additional arguments"
	}
	return checkPattern(d)
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
	if form.Args == ArgsRaw || form.Args == ArgsList || HasMark(args) && slices.ContainsFunc(Words(args), IsMark) {
		return ""
	}
	first, afterFirst := firstWord(args)
	switch form.Args {
	case ArgsNone:
		return wrongArgs(args != "", form, "takes no arguments")
	case ArgsFlag:
		return wrongArgs(!strings.EqualFold(first, "on") && !strings.EqualFold(first, "off"), form, "must be On or Off")
	case Args1:
		return wrongArgs(first == "" || afterFirst != "", form, "takes one argument")
	case ArgsIterate:
		return wrongArgs(first == "", form, "requires at least one argument")
	case ArgsIterate2:
		return wrongArgs(first == "" || afterFirst == "", form, "requires at least two arguments")
	}
	second, afterSecond := firstWord(afterFirst)
	third, afterThird := firstWord(afterSecond)
	switch form.Args {
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
	}
	return ""
}

// wrongArgs gives the message when something is wrong.
func wrongArgs(wrong bool, form *DirectiveForm, what string) string {
	if !wrong {
		return ""
	}
	return form.Name + " " + what
}
