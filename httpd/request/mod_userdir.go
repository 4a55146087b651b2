package request

import (
	"path"
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
	if name == "" || s.isDisabledUser(name) {
		return place{}, false
	}
	for i, pattern := range folders {
		folder, d := s.userFolder(pattern.folder, name), pattern.Directive
		if strings.Contains(folder, "://") {
			return place{taken: d}, true
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
			if !d.Is("UserDir") || len(words) == 0 || strings.EqualFold(words[0], "enabled") || strings.EqualFold(words[0], "disabled") {
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

// isDisabledUser tells whether UserDir disabled keeps a user out.
func (s *Server) isDisabledUser(name string) bool {
	all, own := false, ""
	for _, level := range s.levels("UserDir") {
		for _, d := range level {
			words := d.Words()
			if !d.Is("UserDir") || len(words) == 0 {
				continue
			}
			switch verb := strings.ToLower(words[0]); verb {
			case "enabled", "disabled":
				if len(words) == 1 {
					all = verb == "disabled"
				}
				for _, word := range words[1:] {
					if word == name {
						own = verb
					}
				}
			}
		}
	}
	return own == "disabled" || all && own != "enabled"
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
