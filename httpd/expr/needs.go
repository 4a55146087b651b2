package expr

// Needs is a plain text that stands in the value of a variable, in any case of its
// letters, wherever the expression is not false; "" where none is known.
func (x *Expression) Needs(name string) string { return neededIn(x.whole, name) }

func neededIn(c condition, name string) string {
	switch c := c.(type) {
	case andExpr:
		longest := ""
		for _, part := range c {
			if needed := neededIn(part, name); len(needed) > len(longest) {
				longest = needed
			}
		}
		return longest
	case compareOp:
		if c.operator != "==" {
			return ""
		}
		if text, ok := plain(c.right); ok && isVariable(c.left, name) {
			return text
		}
		if text, ok := plain(c.left); ok && isVariable(c.right, name) {
			return text
		}
	case matchExpr:
		if !c.negated && isVariable(c.subject, name) {
			return neededByText(c.pattern.String())
		}
	}
	return ""
}

// plain is the text of an operand without variables.
func plain(o operand) (text string, ok bool) {
	switch o := o.(type) {
	case literal:
		return string(o), true
	case concat:
		for _, part := range o {
			more, ok := plain(part)
			if !ok {
				return "", false
			}
			text += more
		}
		return text, true
	}
	return "", false
}

// isVariable tells an operand that is one variable alone.
func isVariable(o operand, name string) bool {
	if parts, ok := o.(concat); ok && len(parts) == 1 {
		o = parts[0]
	}
	v, ok := o.(variable)
	return ok && string(v) == name
}
