package expr

import "strings"

// Reason is why something is not known, or why it is as it is: a kind, and what it
// is about. Two that are about the same are equal by ==; the sentence is for people
// alone. Each package has kinds of its own, and one table of their sentences. Nil is
// no reason.
type Reason interface{ String() string }

// Beyond is what this reader cannot tell of an expression or a pattern.
type Beyond struct {
	Kind    BeyondKind
	Subject string // the pattern, operator, function, text or problem
}

// BeyondKind is one of the ways in which a text is beyond this reader.
type BeyondKind uint8

// What this reader cannot tell.
const (
	NotUnderstood BeyondKind = iota // by the parser, whose message is the subject
	Pattern                         // Go has no look-around, back references, or possessive quantifiers of PCRE
	Operator
	ListFunction
	LongText
	NoAddress
	NoNetwork
	TooManySections // of a configuration, for one request
	beyondKinds
)

var beyondSentences = [beyondKinds]string{
	NotUnderstood:   "%s",
	Pattern:         "the regular expression %s decides, which holds what this reader cannot match",
	Operator:        "the operator -%s is not known",
	ListFunction:    "what %s(…) gives is not known",
	LongText:        "a text of it becomes longer than 64 KiB",
	NoAddress:       "%s is no IP address",
	NoNetwork:       "the network %s is not understood",
	TooManySections: "it takes too long to hold all sections against the request",
}

// String is the sentence for people.
func (b Beyond) String() string { return strings.Replace(beyondSentences[b.Kind], "%s", b.Subject, 1) }
