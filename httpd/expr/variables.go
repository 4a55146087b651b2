package expr

// Variables are what an expression asks for, beyond what is computed from the
// expression alone.
type Variables interface {
	// Variable is the value of %{NAME}, a name in upper case.
	Variable(name string) Value
	// Call is what a function such as req or osenv gives, a name in lower case.
	Call(function, argument string) Value
	// Test is the answer of an operator such as -f, without its "-", and why it is
	// Unknown.
	Test(operator, word string) (holds Truth, reason Reason)
	// MayMatch is why a regular expression is not held against a text, where that
	// costs too much; nil where it is.
	MayMatch(pattern *Regexp, text string) Reason
}

// Value is the text that a part of an expression has.
type Value struct {
	Text   string
	Reason Reason // why Text is not known; nil where it is
	Start  *Start // what is known of a text that is not; nil where nothing is
}
