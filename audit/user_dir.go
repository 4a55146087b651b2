package audit

import (
	"path"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// userDir is where UserDir sends a URL with "/~NAME" first (mod_userdir:
// translate_userdir). It is false for other URLs and where UserDir is not used.
func (s *scope) userDir(uri string) (at translation, ok bool) {
	rest, ok := strings.CutPrefix(uri, "/~")
	folders := s.userFolders()
	if !ok || len(folders) == 0 {
		return translation{}, false
	}
	name, rest, inner := strings.Cut(rest, "/")
	if inner {
		rest = "/" + rest
	}
	if name == "" || s.isDisabledUser(name) {
		return translation{}, false
	}
	for i, pattern := range folders {
		folder, d := s.userFolder(pattern.folder, name), pattern.Directive
		if strings.Contains(folder, "://") {
			return translation{taken: d}, true
		}
		if folder != "" && (i == len(folders)-1 || s.server.Config.Exists(folder)) {
			return translation{file: folder + rest, root: folder, url: "/~" + name}, true
		}
	}
	return translation{}, false
}

type userPattern struct {
	*httpdconf.Directive
	folder string
}

// userFolders are the patterns of the last UserDir that has any.
func (s *scope) userFolders() []userPattern {
	var patterns []userPattern
	for _, level := range s.levels() {
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
func (s *scope) isDisabledUser(name string) bool {
	all, own := false, ""
	for _, level := range s.levels() {
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
func (s *scope) userFolder(pattern, name string) string {
	before, after, star := strings.Cut(pattern, "*")
	switch {
	case star:
		return before + name + after
	case path.IsAbs(pattern), strings.Contains(pattern, "://"):
		return pattern + "/" + name
	}
	passwd, err := s.server.Config.ReadFile("/etc/passwd", maxPasswd)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(passwd) {
		if fields := strings.Split(line, ":"); len(fields) > 5 && fields[0] == name {
			return path.Join(fields[5], pattern)
		}
	}
	return ""
}

// virtualRoot is where VirtualDocumentRoot leads: a folder that the name of the
// host is a part of (mod_vhost_alias: vhost_alias_interpolate).
func (q *question) virtualRoot(d *httpdconf.Directive) translation {
	name := strings.ToLower(q.request.Host)
	if isOn(q.setting("UseCanonicalName")) {
		name = q.scope.server.Name
	}
	var folder strings.Builder
	pattern := d.Word(0)
	for pattern != "" && folder.Len() < maxSubstituted {
		before, after, found := strings.Cut(pattern, "%")
		folder.WriteString(before)
		if !found {
			break
		}
		text, rest := q.virtualPart(after, name)
		folder.WriteString(text)
		pattern = rest
	}
	return translation{file: strings.TrimSuffix(folder.String(), "/") + q.request.URI}
}

// virtualPart is what the text after a "%" stands for, and what follows it:
// %p, %%, or %N.M with the parts of a name, or "_" where there is none.
func (q *question) virtualPart(text, name string) (part, rest string) {
	if rest, ok := strings.CutPrefix(text, "%"); ok {
		return "%", rest
	}
	if rest, ok := strings.CutPrefix(text, "p"); ok {
		return strconv.Itoa(q.request.Port), rest
	}
	digits := len(text) - len(strings.TrimLeft(text, "-0123456789"))
	part = namePart(strings.Split(name, "."), text[:digits], strings.HasPrefix(text[digits:], "+"), ".")
	text = strings.TrimPrefix(text[digits:], "+")
	if inner, ok := strings.CutPrefix(text, "."); ok && strings.TrimLeft(inner, "-0123456789") != inner {
		digits = len(inner) - len(strings.TrimLeft(inner, "-0123456789"))
		part = namePart(strings.Split(part, ""), inner[:digits], strings.HasPrefix(inner[digits:], "+"), "")
		text = strings.TrimPrefix(inner[digits:], "+")
	}
	return part, text
}

// namePart is the part with that number, from the end for a negative one, with
// all those after it (before it) for a "+".
func namePart(parts []string, number string, more bool, separator string) string {
	n, err := strconv.Atoi(number)
	switch {
	case err != nil || n > len(parts) || -n > len(parts):
		return "_"
	case n == 0:
		return strings.Join(parts, separator)
	case n < 0 && more:
		return strings.Join(parts[:len(parts)+n+1], separator)
	case n < 0:
		return parts[len(parts)+n]
	case more:
		return strings.Join(parts[n-1:], separator)
	}
	return parts[n-1]
}
