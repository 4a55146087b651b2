package repository

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Skipped is what was passed over: how much of it for which reason, and the first
// few names.
type Skipped [reasons]passed

type passed struct {
	n     int
	names []string
}

type reason int

const (
	other reason = iota
	ignored
	foreign
	link
	ledByOthers
	irregular
	large
	deep
	unreadable
	reasons
)

// words say each reason before a number.
var words = [reasons]string{
	other: "without Apache configuration", ignored: "ignored by git", foreign: "of others or of version control",
	link: "symbolic links", ledByOthers: "symbolic links that others can change", irregular: "no regular files", large: fmt.Sprintf("larger than %d MiB", maxFile>>20),
	deep: fmt.Sprintf("more than %d folders deep", maxDepth), unreadable: "cannot be read",
}

// maxNames is how many names are told for each reason.
const maxNames = 3

func (s *Skipped) add(why reason, path string) {
	s[why].n++
	if len(s[why].names) < maxNames {
		s[why].names = append(s[why].names, path)
	}
}

// Summary tells it all, with names as seen from the folder; "" for nothing.
func (s *Skipped) Summary(folder string) string {
	var parts []string
	for why, p := range s {
		if p.n == 0 {
			continue
		}
		var names []string
		for _, name := range p.names {
			if below, err := filepath.Rel(folder, name); err == nil {
				name = below
			}
			names = append(names, name)
		}
		if p.n > len(names) {
			names = append(names, "…")
		}
		parts = append(parts, fmt.Sprintf("%s: %d (%s)", words[why], p.n, strings.Join(names, ", ")))
	}
	return strings.Join(parts, "; ")
}
