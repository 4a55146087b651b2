package conf

import "strings"

// Undecided is what a configuration alone does not tell: why a section may or may not
// apply.
type Undecided struct {
	Kind    UndecidedKind
	Subject string // the module, name, file, directive or version that is asked for
}

// UndecidedKind is what is asked.
type UndecidedKind uint8

// The sections whose lines are read or passed over, by their names, and what else
// the text leaves open.
const (
	IfModule UndecidedKind = iota
	IfDefine
	IfFile
	IfDirective
	IfSection
	IfVersion
	IfMark           // an <If> with a mark of a template in it
	ConditionsBefore // of an <ElseIf> or <Else>
	RequestedFile    // of the file system
	RequestedURL
	LocalAddress // of the connection: it chooses among virtual hosts
	undecidedKinds
)

// conditionKinds are the sections by their names in lower case.
var conditionKinds = map[string]UndecidedKind{
	"<ifmodule": IfModule, "<ifdefine": IfDefine, "<iffile": IfFile, "<ifdirective": IfDirective, "<ifsection": IfSection, "<ifversion": IfVersion,
}

var undecidedSentences = [undecidedKinds]string{
	IfModule:         "whether module %s is loaded is not in this part of the configuration",
	IfDefine:         "%s is defined inside a condition that is not decided",
	IfFile:           "%s is not here; the server may have it",
	IfDirective:      "whether a module with %s is loaded is not known",
	IfSection:        "whether a module with <%s> is loaded is not known",
	IfVersion:        "the release of httpd is not known",
	IfMark:           "the condition is not known before the template is rendered",
	ConditionsBefore: "it depends on the conditions before it",
	RequestedFile:    "which file the request leads to is not known",
	RequestedURL:     "the URL is not known",
	LocalAddress:     "which virtual host answers depends on the local address: %s",
}

// String is the sentence for people.
func (u Undecided) String() string {
	if HasMark(u.Subject) {
		return Written(u.Subject) + " is not known before the template is rendered"
	}
	return strings.Replace(undecidedSentences[u.Kind], "%s", u.Subject, 1)
}
