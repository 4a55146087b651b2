package trust

import (
	"fmt"
	"slices"
	"strings"
)

// A Way is what was found on the way to a file: through which folders, links
// and the file itself somebody could change what the path leads to.
type Way struct {
	Path  string // as asked for
	Real  string // where it leads, with every link followed
	Holes []Hole // in the order of the way
}

// A Hole is an entry on the way that accounts other than root can change.
type Hole struct {
	At     string    // path of the folder, link or file
	Reason string    // "it belongs to alice", "members of web (bob) can write to it (mode 0775)"
	Who    []Account // sorted by user id
	Open   bool      // accounts can, too, that no file names
}

// Accounts are all that can change something on the way; open tells that others
// can, too, whom no file names.
func (w Way) Accounts() (who []Account, open bool) {
	for _, hole := range w.Holes {
		who, open = append(who, hole.Who...), open || hole.Open
	}
	return sortedAccounts(who), open
}

func sortedAccounts(who []Account) []Account {
	slices.SortFunc(who, func(a, b Account) int { return a.UID - b.UID })
	return slices.CompactFunc(who, func(a, b Account) bool { return a.UID == b.UID })
}

// Owner is the one account that can change what the path leads to, beside root.
// It is false when root alone can. The error says that there are several: work
// on that file can be done as none of them.
func (w Way) Owner() (owner Account, foreign bool, err error) {
	if len(w.Holes) == 0 {
		return Account{}, false, nil
	}
	who, open := w.Accounts()
	if open || len(who) != 1 {
		return Account{}, true, fmt.Errorf("%s can be changed by more than one account: %s", w.Path, w.reasons())
	}
	return who[0], true, nil
}

// reasons names each hole.
func (w Way) reasons() string {
	var all []string
	for _, hole := range w.Holes {
		all = append(all, hole.At+": "+hole.Reason)
	}
	return strings.Join(all, "; ")
}

// An Untrusted error is about a path that somebody could change who is not
// trusted. It names the first place on the way where that is so.
type Untrusted struct {
	Path string
	Hole Hole
}

func (e *Untrusted) Error() string {
	if e.Hole.At == e.Path {
		return fmt.Sprintf("%s: %s", e.Path, e.Hole.Reason)
	}
	return fmt.Sprintf("%s: %s: %s", e.Path, e.Hole.At, e.Hole.Reason)
}

// Where is the place and the reason, without the path that led there:
// "/srv/shop: it belongs to alice".
func (e *Untrusted) Where() string { return e.Hole.At + ": " + e.Hole.Reason }

// Names are the accounts as a message or an option --trust lists them:
// "alice, bob", "anybody".
func (h Hole) Names() string {
	if h.Open {
		return "anybody"
	}
	var names []string
	for _, account := range h.Who {
		names = append(names, account.String())
	}
	return strings.Join(names, ", ")
}

// Option takes the risk by name: "--trust alice --trust bob". It is empty where
// anybody could change the file: that is no risk to be taken.
func (h Hole) Option() string {
	if h.Open {
		return ""
	}
	var words []string
	for _, account := range h.Who {
		name := account.Name
		if name == "" {
			name = fmt.Sprintf("'#%d'", account.UID) // quoted for the shell
		}
		words = append(words, "--trust "+name)
	}
	return strings.Join(words, " ")
}
