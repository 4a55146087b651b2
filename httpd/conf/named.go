package conf

import "iter"

// Named are the directives and sections of a name, in any case, in the order of
// the text. A section's name begins with "<".
func (c *Config) Named(name string) iter.Seq[*Directive] {
	return func(yield func(*Directive) bool) {
		list := c.named(name)
		if list == nil {
			return
		}
		for _, piece := range list.pieces {
			for _, d := range piece {
				if !yield(d) {
					return
				}
			}
		}
	}
}

// Has tells whether there is any directive or section of a name, in any case.
func (c *Config) Has(name string) bool { return c.named(name) != nil }

// named are the directives of a name, or nil. It is asked for a dozen names for
// each request that is looked at, of which most do not occur, and so does without
// memory of its own.
func (c *Config) named(name string) *alike {
	var key [64]byte
	return c.alike[string(appendLower(key[:0], name))]
}

// alike are the directives of one name, in pieces, so that a list of 100,000 is
// not copied while it grows. They are no list of links: of those a processor has
// to wait for one before it can fetch the next.
type alike struct{ pieces [][]*Directive }

// firstPiece and largestPiece are how many directives a piece has room for.
const firstPiece, largestPiece = 2, 1024

func (a *alike) add(d *Directive) {
	last := len(a.pieces) - 1
	if last < 0 || len(a.pieces[last]) == cap(a.pieces[last]) {
		room := firstPiece
		if last >= 0 {
			room = min(2*len(a.pieces[last]), largestPiece)
		}
		a.pieces = append(a.pieces, make([]*Directive, 0, room))
		last++
	}
	a.pieces[last] = append(a.pieces[last], d)
}

// alikeOf are the directives of a name so far.
func (c *Config) alikeOf(name string) *alike {
	key := string(appendLower(nil, name))
	list := c.alike[key]
	if list == nil {
		list = &alike{}
		c.alike[key], c.names = list, append(c.names, name)
	}
	return list
}

// appendLower appends a name in lower case, in ASCII as strcasecmp compares.
func appendLower(to []byte, name string) []byte {
	for _, c := range []byte(name) {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		to = append(to, c)
	}
	return to
}
