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
	if name.Reason != nil {
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
// %p, %%, or %N.M with the parts of a name, or "_" where there is none. N and M
// are of one digit each.
func virtualPart(text, name string, port int) (part, rest string) {
	if rest, ok := strings.CutPrefix(text, "%"); ok {
		return "%", rest
	}
	if rest, ok := strings.CutPrefix(text, "p"); ok {
		return strconv.Itoa(port), rest
	}
	part, text = cutPart(strings.SplitN(strings.ToLower(name), ".", maxNameParts), text, ".")
	if inner, ok := strings.CutPrefix(text, "."); ok {
		part, text = cutPart(strings.Split(part, ""), inner, "")
	}
	return part, text
}

// maxNameParts is how many parts a name has: the last one holds all that follow
// (MAXDOTS).
const maxNameParts = 19

// cutPart is the part whose number text begins with, from the end for one with a
// "-", with all those after it (before it) for a "+"; rest follows that.
func cutPart(parts []string, text, separator string) (part, rest string) {
	text, fromEnd := strings.CutPrefix(text, "-")
	if text == "" || text[0] < '0' || text[0] > '9' {
		return "_", text // which httpd refuses
	}
	n := int(text[0] - '0')
	rest, more := strings.CutPrefix(text[1:], "+")
	first, end := n-1, n
	if fromEnd {
		first, end = len(parts)-n, len(parts)-n+1
	}
	switch {
	case n == 0:
		first, end = 0, len(parts)
	case n > len(parts):
		return "_", rest
	case more && fromEnd:
		first = 0
	case more:
		end = len(parts)
	}
	return strings.Join(parts[first:end], separator), rest
}
