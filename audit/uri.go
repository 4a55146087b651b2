package audit

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// address is a URL taken apart.
type address struct {
	host  string
	port  int
	named bool // the port stands in it
	https bool
	path  string // as written, without the query
	query string
}

// parseAddress takes http://HOST:PORT/PATH?QUERY apart. The path may hold what
// no well-formed URL does: httpd is asked such things too.
func parseAddress(text string) (address, error) {
	wrong := fmt.Errorf("url %s: want http://HOST:PORT/PATH", text)
	scheme, rest, _ := strings.Cut(text, "://")
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	u, err := url.Parse(scheme + "://" + rest[:end])
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return address{}, wrong
	}
	a := address{host: u.Hostname(), port: 80, https: u.Scheme == "https"}
	if a.https {
		a.port = 443
	}
	if u.Port() != "" {
		if a.port, err = strconv.Atoi(u.Port()); err != nil || a.port > 65535 {
			return address{}, fmt.Errorf("url %s: port %s: want a number up to 65535", text, u.Port())
		}
		a.named = true
	}
	path, _, _ := strings.Cut(rest[end:], "#")
	a.path, a.query, _ = strings.Cut(path, "?")
	if a.path == "" {
		a.path = "/"
	}
	return a, nil
}

// normalize is the path as httpd looks at it: unescaped, and without ".", ".."
// and doubled slashes (ap_process_request_internal, ap_normalize_path), or why
// httpd refuses it before all else.
func (s *scope) normalize(path string) (clean string, refused refusal) {
	merge := s.last("MergeSlashes") == nil || isOn(s.last("MergeSlashes"))
	path, ok := withoutDots(unescapeUnreserved(path), merge)
	if !ok {
		return "", refusal{http.StatusBadRequest, "the path leads above the root: httpd answers 400"}
	}
	encoded := ""
	if d := s.last("AllowEncodedSlashes"); d != nil {
		encoded = strings.ToLower(d.Word(0))
	}
	if path, refused = unescape(path, encoded); refused.status != 0 {
		return "", refused
	}
	if encoded == "on" {
		path, _ = withoutDots(path, merge) // slashes may have come up
	}
	return path, refusal{}
}

// refusal is an error that httpd answers with; the zero value is none.
type refusal struct {
	status int
	reason string
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
func unescape(path, encodedSlashes string) (decoded string, refused refusal) {
	var out strings.Builder
	for i := 0; i < len(path); i++ {
		c, ok := escapedByte(path, i)
		switch {
		case path[i] != '%':
			out.WriteByte(path[i])
			continue
		case !ok:
			return "", refusal{http.StatusBadRequest, "the path holds a broken escape: httpd answers 400"}
		case c == 0 || c == '/' && encodedSlashes != "on" && encodedSlashes != "nodecode":
			return "", refusal{http.StatusNotFound, "the path holds an escape that httpd answers with 404: see AllowEncodedSlashes"}
		case c == '/' && encodedSlashes == "nodecode":
			out.WriteString(path[i : i+3])
		default:
			out.WriteByte(c)
		}
		i += 2
	}
	return out.String(), refusal{}
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

// resolve is a URL that stands in a directive, as seen from the folder of the
// request (ap_sub_req_lookup_uri).
func (q *question) resolve(text string) (path, query string) {
	path, query, _ = strings.Cut(text, "?")
	if !strings.HasPrefix(path, "/") {
		path = q.request.URI[:strings.LastIndexByte(q.request.URI, '/')+1] + path
	}
	return path, query
}

func truth(b bool) httpdconf.Truth {
	if b {
		return httpdconf.True
	}
	return httpdconf.False
}
