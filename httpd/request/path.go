package request

import (
	"strconv"
	"strings"
)

// normalize is the path as httpd looks at it: unescaped, and without ".", ".."
// and doubled slashes (ap_process_request_internal, ap_normalize_path), or why
// httpd refuses it before all else.
func (s *Server) normalize(path string) (clean string, refused Refusal) {
	merge := s.Last("MergeSlashes") == nil || s.Last("MergeSlashes").IsOn()
	path, ok := withoutDots(unescapeUnreserved(path), merge)
	if !ok {
		return "", Ending{Kind: PathAboveRoot}.refusal()
	}
	encoded := ""
	if d := s.Last("AllowEncodedSlashes"); d != nil {
		encoded = strings.ToLower(d.Word(0))
	}
	if path, refused = unescape(path, encoded); refused.Status != 0 {
		return "", refused
	}
	if encoded == "on" {
		path, _ = withoutDots(path, merge) // slashes may have come up
	}
	return path, Refusal{}
}

// unescapeUnreserved decodes what needed no escape: letters, digits and -._~.
func unescapeUnreserved(path string) string {
	var out strings.Builder
	for i := 0; i < len(path); i++ {
		if c, ok := escapedByte(path, i); ok && isUnreserved(c) {
			out.WriteByte(c)
			i += 2
			continue
		}
		out.WriteByte(path[i])
	}
	return out.String()
}

func isUnreserved(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || strings.IndexByte("-._~", c) >= 0
}

// escapedByte is the byte that a %XX at i stands for.
func escapedByte(path string, i int) (c byte, ok bool) {
	if path[i] != '%' || i+2 >= len(path) {
		return 0, false
	}
	n, err := strconv.ParseUint(path[i+1:i+3], 16, 8)
	return byte(n), err == nil
}

// unescape decodes the path; encodedSlashes is the argument of
// AllowEncodedSlashes (unescape_url).
func unescape(path, encodedSlashes string) (decoded string, refused Refusal) {
	var out strings.Builder
	for i := 0; i < len(path); i++ {
		c, ok := escapedByte(path, i)
		switch {
		case path[i] != '%':
			out.WriteByte(path[i])
			continue
		case !ok:
			return "", Ending{Kind: BrokenEscape}.refusal()
		case c == 0 || c == '/' && encodedSlashes != "on" && encodedSlashes != "nodecode":
			return "", Ending{Kind: EncodedSlash}.refusal()
		case c == '/' && encodedSlashes == "nodecode":
			out.WriteString(path[i : i+3])
		default:
			out.WriteByte(c)
		}
		i += 2
	}
	return out.String(), Refusal{}
}

// withoutDots takes "." and ".." out, and doubled slashes where they are to be
// merged. It is false where the path leads above the root.
func withoutDots(path string, merge bool) (clean string, ok bool) {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	var kept []string
	for i, part := range parts {
		last := i == len(parts)-1
		switch {
		case part == "..":
			if len(kept) == 0 {
				return "", false
			}
			kept = kept[:len(kept)-1]
			if last {
				kept = append(kept, "")
			}
		case part == "." && !last, part == "" && merge && !last:
		case part == ".":
			kept = append(kept, "")
		default:
			kept = append(kept, part)
		}
	}
	return "/" + strings.Join(kept, "/"), true
}

// escapePath keeps what would be taken for an escape, or for the end of a path.
func escapePath(path string) string { return pathEscapes.Replace(path) }

var pathEscapes = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23")

// nextSlash is the index of the first slash after the one at from, or the end.
func nextSlash(name string, from int) int {
	if i := strings.IndexByte(name[min(from+1, len(name)):], '/'); i >= 0 {
		return from + 1 + i
	}
	return len(name)
}
