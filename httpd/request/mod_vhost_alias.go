package request

import (
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// virtualRoot is where VirtualDocumentRoot leads: a folder that the name of the
// host is a part of (mod_vhost_alias: vhost_alias_interpolate).
func (q received) virtualRoot(early *Settings, d *conf.Directive) (file string) {
	name := early.serverName()
	if name.Reason != "" {
		q.isUnknown(d, name.Reason)
	}
	var folder strings.Builder
	pattern := d.Word(0)
	for pattern != "" && folder.Len() < maxSubstituted {
		before, after, found := strings.Cut(pattern, "%")
		folder.WriteString(before)
		if !found {
			break
		}
		text, rest := virtualPart(after, name.Text, early.ServerPort())
		folder.WriteString(text)
		pattern = rest
	}
	return strings.TrimSuffix(folder.String(), "/") + q.URI
}

// virtualPart is what the text after a "%" stands for, and what follows it:
// %p, %%, or %N.M with the parts of a name, or "_" where there is none.
func virtualPart(text, name string, port int) (part, rest string) {
	if rest, ok := strings.CutPrefix(text, "%"); ok {
		return "%", rest
	}
	if rest, ok := strings.CutPrefix(text, "p"); ok {
		return strconv.Itoa(port), rest
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
