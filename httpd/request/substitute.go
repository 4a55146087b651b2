package request

import "strings"

// maxSubstituted is how long httpd lets a text become that it puts together of
// the groups of a match (server/util.c: AP_PREGSUB_MAXLEN). Here it holds for
// all that a request is turned into.
const maxSubstituted = 64 << 10

// Substitute puts what groups of a match in subject caught in the place of $0 to
// $9; a backslash takes the meaning of what follows it away (regsub_core). It is
// false where the text becomes too long.
func Substitute(template, subject string, groups []int) (text string, ok bool) {
	var out strings.Builder
	for i := 0; i < len(template); i++ {
		next := byte(0)
		if i+1 < len(template) {
			next = template[i+1]
		}
		switch {
		case template[i] == '$' && next >= '0' && next <= '9':
			if n := 2 * int(next-'0'); n < len(groups) && groups[n] >= 0 {
				out.WriteString(subject[groups[n]:groups[n+1]])
			}
			i++
		case template[i] == '\\' && next != 0:
			out.WriteByte(next)
			i++
		default:
			out.WriteByte(template[i])
		}
		if out.Len() >= maxSubstituted {
			return "", false
		}
	}
	return out.String(), true
}
