package request

import (
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// userDir is where UserDir sends a URI with "/~NAME" first (mod_userdir:
// translate_userdir). It is false for other URIs and where UserDir is not used.
func (s *Server) userDir(uri string) (at place, ok bool) {
	rest, ok := strings.CutPrefix(uri, "/~")
	folders := s.userFolders()
	if !ok || len(folders) == 0 {
		return place{}, false
	}
	name, rest, inner := strings.Cut(rest, "/")
	if inner {
		rest = "/" + rest
	}
	if name == "" || name == "." || name == ".." || s.isDisabledUser(name) {
		return place{}, false
	}
	for i, pattern := range folders {
		folder, d := s.userFolder(pattern.folder, name), pattern.Directive
		if strings.Contains(folder, "://") {
			return place{taken: d, status: http.StatusFound}, true // at once, whoever asks
		}
		if folder != "" && (i == len(folders)-1 || s.Config.Exists(folder)) {
			return place{to: Translation{File: folder + rest}, contextFolder: folder, contextURL: "/~" + name}, true
		}
	}
	return place{}, false
}

type userPattern struct {
	*conf.Directive
	folder string
}

// userFolders are the patterns of the last UserDir that has any.
func (s *Server) userFolders() []userPattern {
	var patterns []userPattern
	for _, level := range s.levels("UserDir") {
		for _, d := range level {
			words := d.Words()
			if !d.Is("UserDir") || len(words) == 0 || userVerb(words) != "" {
				continue
			}
			patterns = nil
			for _, word := range words {
				patterns = append(patterns, userPattern{d, word})
			}
		}
	}
	return patterns
}

// userVerb is "enabled" or "disabled" for the words of a UserDir that says who has
// a folder, and "" for one that says where it is.
func userVerb(words []string) string {
	switch strings.ToLower(words[0]) {
	case "enable", "enabled":
		return "enabled"
	case "disable", "disabled":
		return "disabled"
	}
	return ""
}

// isDisabledUser tells whether UserDir disabled keeps a user out: by name in the
// server itself, or with all who are not enabled there by name.
func (s *Server) isDisabledUser(name string) bool {
	if s.namesUser("disabled", name) {
		return true
	}
	all := false
	for _, level := range s.levels("UserDir") {
		for _, d := range level {
			if words := d.Words(); d.Is("UserDir") && len(words) == 1 && userVerb(words) != "" {
				all = userVerb(words) == "disabled"
			}
		}
	}
	return all && !s.namesUser("enabled", name)
}

// namesUser tells whether a UserDir with that verb names a user. A server with a
// UserDir of its own does not have the lists of the main server
// (merge_userdir_config).
func (s *Server) namesUser(verb, name string) bool {
	if s.Main != nil && !slices.ContainsFunc(s.level("UserDir"), func(d *conf.Directive) bool { return d.Is("UserDir") }) {
		return s.Main.namesUser(verb, name)
	}
	isName := func(word string) bool { return strings.EqualFold(word, name) }
	for _, d := range s.level("UserDir") {
		if words := d.Words(); d.Is("UserDir") && len(words) > 1 && userVerb(words) == verb && slices.ContainsFunc(words[1:], isName) {
			return true
		}
	}
	return false
}

// userFolder is the folder of a user by one pattern: "*" stands for the name,
// an absolute folder has one for each name, and another is below the home.
func (s *Server) userFolder(pattern, name string) string {
	before, after, star := strings.Cut(pattern, "*")
	switch {
	case star:
		return before + name + after
	case path.IsAbs(pattern), strings.Contains(pattern, "://"):
		return pattern + "/" + name
	}
	home, ok := s.Httpd.homes.of(name, s.Config)
	if !ok {
		return ""
	}
	return path.Join(home, pattern)
}

// homes are the home folders of accounts, read once.
type homes struct {
	once    sync.Once
	folders map[string]string
}

// of is the home folder of an account: of several lines with one name the first
// counts (getpwnam).
func (h *homes) of(name string, config *conf.Config) (folder string, ok bool) {
	h.once.Do(func() {
		passwd, _ := config.ReadFile("/etc/passwd", maxPasswd) // without it there are no accounts
		h.folders = map[string]string{}
		for line := range strings.Lines(passwd) {
			fields := strings.Split(line, ":")
			if len(fields) <= 5 {
				continue
			}
			if _, known := h.folders[fields[0]]; !known {
				h.folders[fields[0]] = fields[5]
			}
		}
	})
	folder, ok = h.folders[name]
	return folder, ok
}
