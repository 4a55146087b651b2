package expr

// lower is a text in lower case as APR has it: of letters of ASCII alone
// (apr_tolower in the C locale).
func lower(text string) string { return mapped(text, 'A', 'Z') }

// upper is a text in upper case, likewise.
func upper(text string) string { return mapped(text, 'a', 'z') }

// mapped changes the case of the letters from first to last.
func mapped(text string, first, last byte) string {
	changed := []byte(text)
	for i, c := range changed {
		if first <= c && c <= last {
			changed[i] ^= 'a' - 'A'
		}
	}
	return string(changed)
}
