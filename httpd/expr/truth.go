package expr

// Truth is the answer to a condition: what cannot be known from the text alone
// stays Unknown, and is never taken for False.
type Truth uint8

const (
	False Truth = iota
	Unknown
	True
)

// String is the answer in one word.
func (t Truth) String() string { return [...]string{"false", "unknown", "true"}[t] }

// TruthOf is the truth of what is known.
func TruthOf(b bool) Truth {
	if b {
		return True
	}
	return False
}

// Not is the opposite; the opposite of Unknown is Unknown.
func (t Truth) Not() Truth { return True - t }

// And is the lesser of both.
func (t Truth) And(other Truth) Truth { return min(t, other) }

// Or is the greater of both.
func (t Truth) Or(other Truth) Truth { return max(t, other) }
