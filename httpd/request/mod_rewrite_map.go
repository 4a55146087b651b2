package request

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// rewriteMap is the last RewriteMap of each name, as mod_rewrite looks them up
// for a server.
type rewriteMap struct {
	*conf.Directive
	kind   string // "txt", "rnd", "int", in lower case
	source string // the file or function
}

// newRewriteMap reads a directive. Without a type the source is a text file
// (cmd_rewritemap).
func newRewriteMap(d *conf.Directive) rewriteMap {
	word := d.Word(1)
	kind, source, ok := strings.Cut(word, ":")
	switch kind = strings.ToLower(kind); {
	case ok && (kind == "txt" || kind == "rnd" || kind == "int" || kind == "prg" || kind == "dbd" || kind == "fastdbd"):
		return rewriteMap{d, kind, source}
	case ok && strings.HasPrefix(kind, "dbm"):
		return rewriteMap{d, "dbm", source}
	}
	return rewriteMap{d, "txt", word}
}

// serverMaps are the maps of the server, in sections too.
func (r *rewriting) serverMaps() map[string]rewriteMap {
	if r.maps == nil {
		r.maps = r.allRules().maps
	}
	return r.maps
}

// lookUp is what a map gives for a key; found is false for none, and where it is
// not known whether there is any (lookup_map).
func (e expansion) lookUp(name, key string) (value string, found bool, unknown *Doubt) {
	m, ok := e.serverMaps()[name]
	switch {
	case !ok && e.server.Config.Complete:
		return "", false, nil // no such map
	case !ok:
		return "", false, e.doubt(Unknown{Kind: MapUndeclared, Subject: name})
	}
	e.from = m.Directive
	switch m.kind {
	case "int":
		return mapFunction(m.source, key), true, nil
	case "txt", "rnd":
		return e.lookUpText(m, name, key)
	}
	return "", false, e.doubt(Unknown{Kind: MapOfType, Subject: name, Detail: m.kind})
}

// lookUpText looks a key up in a text file. One of several values of a map of
// the type rnd is chosen by chance.
func (e expansion) lookUpText(m rewriteMap, name, key string) (value string, found bool, unknown *Doubt) {
	file := m.source
	if !path.IsAbs(file) {
		file = path.Join(e.server.Config.ServerRoot, file)
	}
	values, err := e.server.Httpd.textMap(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", false, e.doubt(Unknown{Kind: MapMissing, Subject: name})
	case err != nil:
		return "", false, e.doubt(Unknown{Kind: MapUnread, Subject: name, Why: Unknown{Kind: FileUnread, Subject: err.Error()}})
	}
	if value = values[key]; m.kind == "rnd" && strings.Contains(value, "|") {
		return "", true, e.doubt(Unknown{Kind: MapByChance, Subject: name, Detail: value})
	}
	return value, value != "", nil
}

// mapFunction is one of the functions of the type int; those that are not
// there keep httpd from starting.
func mapFunction(name, key string) string {
	switch name {
	case "toupper":
		return mapLetters(key, 'a', 'z')
	case "tolower":
		return mapLetters(key, 'A', 'Z')
	case "escape":
		return escapeURI(key)
	}
	return unescapePercent(key)
}

// mapLetters changes the case of the ASCII letters from one to another.
func mapLetters(text string, from, to byte) string {
	changed := []byte(text)
	for i, c := range changed {
		if c >= from && c <= to {
			changed[i] = c ^ 0x20
		}
	}
	return string(changed)
}

// escapeURI escapes what must not stand in a path (ap_escape_uri).
func escapeURI(text string) string {
	var out strings.Builder
	for _, c := range []byte(text) {
		if isUnreserved(c) || strings.IndexByte("$+!*'(),:;@&=/", c) >= 0 {
			out.WriteByte(c)
		} else {
			fmt.Fprintf(&out, "%%%02x", c)
		}
	}
	return out.String()
}

// unescapePercent decodes each %XX, and leaves broken ones. A zero byte ends the
// text (ap_unescape_url).
func unescapePercent(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		c, ok := escapedByte(text, i)
		switch {
		case !ok:
			c = text[i]
		case c == 0:
			return out.String()
		default:
			i += 2
		}
		out.WriteByte(c)
	}
	return out.String()
}
