package installer

import (
	"net/url"
	"strings"
)

// logins are those that the user's settings hold. Each is for one scheme, host
// and port, and is told to no other, whatever a page or a redirect leads to.
type logins struct {
	places  []*url.URL // the indexes and find-links of the settings, with their logins
	netrc   func(host string) (user, password string, ok bool)
	keyring *keyring // nil where none is to be asked
}

func newLogins(s PipEnvironment, settings IndexSettings) logins {
	l := logins{netrc: s.netrc}
	for _, text := range append(settings.FindLinks[:len(settings.FindLinks):len(settings.FindLinks)], settings.Indexes...) {
		if place, err := s.linkAddress(strings.TrimSuffix(text, "/") + "/"); err == nil {
			l.places = append(l.places, place)
		}
	}
	if !settings.NoKeyring {
		l.keyring = s.findKeyring()
	}
	return l
}

// of is the login for an address: its own, else that of the settings' place
// there, else netrc's, else a user whose password is not known yet. Nil is
// nobody. The order is that of pip (pip/_internal/network/auth.py).
func (l logins) of(address *url.URL) *url.Userinfo {
	named := address.User
	if hasPassword(named) {
		return named
	}
	if place := l.place(address); place != nil && place.User != nil {
		named = place.User
	}
	if hasPassword(named) {
		return named
	}
	user, password, ok := l.netrc(address.Hostname())
	if ok && (named == nil || named.Username() == user) {
		return url.UserPassword(user, password)
	}
	return named
}

func hasPassword(user *url.Userinfo) bool {
	if user == nil {
		return false
	}
	_, known := user.Password()
	return known
}

// place is the place of the settings whose login is for the address: among
// several, the one with which it has most of the path in common.
func (l logins) place(address *url.URL) *url.URL {
	var best *url.URL
	for _, place := range l.places {
		if !mayTell(place, address) {
			continue
		}
		nearer := best == nil || commonPath(place, address) > commonPath(best, address)
		if nearer || best.User == nil && commonPath(place, address) == commonPath(best, address) {
			best = place
		}
	}
	return best
}

// commonPath counts the folders that two paths have in common.
func commonPath(a, b *url.URL) int {
	ofA, ofB := strings.Split(a.Path, "/"), strings.Split(b.Path, "/")
	count := 0
	for count < min(len(ofA), len(ofB))-1 && ofA[count] == ofB[count] {
		count++
	}
	return count
}

// mayTell reports whether a login for one address may be told to another: on
// the same scheme, host and port, or where plain HTTP on its usual port became
// HTTPS on its own. That is the rule of pip's HTTP library for redirects
// (requests, should_strip_auth).
func mayTell(from, to *url.URL) bool {
	if !strings.EqualFold(from.Hostname(), to.Hostname()) {
		return false
	}
	if from.Scheme == to.Scheme {
		return portOf(from) == portOf(to)
	}
	return from.Scheme == "http" && portOf(from) == "80" && to.Scheme == "https" && portOf(to) == "443"
}

func portOf(address *url.URL) string {
	switch port := address.Port(); {
	case port != "":
		return port
	case address.Scheme == "https":
		return "443"
	case address.Scheme == "http":
		return "80"
	}
	return ""
}
