package expr

// Text is a text of httpd with variables in it, parsed: the argument of a
// directive such as SetHandler (ap_expr with AP_EXPR_FLAG_STRING_RESULT).
type Text struct{ whole operand }

// ParseText parses a text.
func ParseText(source string) (parsed *Text, err error) {
	p := parser{rest: source}
	defer func() { err = p.failed(recover()) }()
	return &Text{p.text(toTheEnd)}, nil
}

// Value is the text with the values of its variables.
func (t *Text) Value(variables Variables) Value {
	return t.whole.value(&evaluation{variables: variables})
}
