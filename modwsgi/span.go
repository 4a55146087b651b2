package modwsgi

// A Span is the releases that know a name: those from Since on (all, where it
// is zero), and, where
// Removed is set, only those before it.
type Span struct {
	Since      Release
	Deprecated Release // from here on accepted without effect; zero where it is not
	Removed    Release // the first release that refuses it; zero where none does
}

// Knows reports whether a release accepts the name. Of the unknown release
// that is taken to be true.
func (s Span) Knows(r Release) bool {
	if r.IsZero() {
		return true
	}
	return (s.Since.IsZero() || !r.Predates(s.Since)) && (s.Removed.IsZero() || r.Predates(s.Removed))
}

func since(release string) Span { return Span{Since: tableRelease(release)} }

func between(release, removed string) Span {
	return Span{Since: tableRelease(release), Removed: tableRelease(removed)}
}

// tableReleases are the releases that stand in tables, each parsed once: every
// command pays for the tables when it starts.
var tableReleases = map[string]Release{}

func tableRelease(number string) Release {
	r, known := tableReleases[number]
	if !known {
		r = MustParseRelease(number)
		tableReleases[number] = r
	}
	return r
}
