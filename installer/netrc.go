package installer

import (
	"os"
	"path/filepath"
	"strings"
)

// netrc looks up the login for a host in the file that NETRC names, else in
// ~/.netrc or ~/_netrc, as pip's HTTP library does.
//
// It is by host alone, whatever the port; [webClient.secure] sees to it that it
// goes over HTTPS, or to this machine or a host that is trusted explicitly.
func (s PipEnvironment) netrc(host string) (user, password string, ok bool) {
	text, found, err := s.readSettings(s.netrcFile(), "its own logins belong in the file .netrc of its home folder")
	if err != nil || !found {
		return "", "", false
	}
	return netrcLogin(string(text), host)
}

func (s PipEnvironment) netrcFile() string {
	if named := s.Getenv("NETRC"); named != "" {
		return named
	}
	if s.Home == "" {
		return ""
	}
	for _, name := range []string{".netrc", "_netrc"} {
		path := filepath.Join(s.Home, name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}

// netrcLogin finds the entry of the host, or the entry "default", which stands
// last.
func netrcLogin(text, host string) (user, password string, ok bool) {
	words := netrcWords(text)
	matched := false
	for i := 0; i < len(words); i++ {
		value := func() string {
			if i++; i < len(words) {
				return words[i]
			}
			return ""
		}
		switch words[i] {
		case "machine", "default":
			if matched {
				return user, password, true
			}
			matched = words[i] == "default" || value() == host
		case "login":
			if login := value(); matched {
				user = login
			}
		case "password":
			if secret := value(); matched {
				password = secret
			}
		case "account":
			value()
		}
	}
	return user, password, matched
}

// netrcWords leaves out comments and macro definitions, which end at an empty
// line.
func netrcWords(text string) []string {
	var words []string
	macro := false
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0:
			macro = false
		case macro || strings.HasPrefix(fields[0], "#"):
		case fields[0] == "macdef":
			macro = true
		default:
			words = append(words, fields...)
		}
	}
	return words
}
