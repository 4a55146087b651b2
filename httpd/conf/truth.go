package conf

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

// not is the opposite; the opposite of Unknown is Unknown.
func (t Truth) not() Truth { return True - t }

// and is the lesser of both.
func (t Truth) and(other Truth) Truth { return min(t, other) }

// or is the greater of both.
func (t Truth) or(other Truth) Truth { return max(t, other) }

// Condition is why a directive may or may not be in effect: a section around
// it that could not be decided while reading.
type Condition struct {
	Section string // as written, with its name: IfModule !mod_ssl.c
	Kind    string // the name of the section: IfModule
	Subject string // what it asks for: mod_ssl.c
	Negated bool   // it holds where the subject is not there
	Reason  string // what is not known
	Pos     Pos
	Outer   *Condition // another one around this one, or nil
}
