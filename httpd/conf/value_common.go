package conf

import "strings"

// checkSetEnvIf is add_setenvif_core of mod_setenvif, whose first argument is the
// pattern where the directive names the header.
func checkSetEnvIf(pattern int) func(*reader, *Directive) string {
	return func(_ *reader, d *Directive) string {
		var room [8]string
		switch words := d.WordsIn(&room); {
		case len(words) == 0 && pattern == 1:
			return "Missing header-field name for " + d.Name
		case len(words) <= pattern:
			return "Missing regular expression for " + d.Name
		case len(words) == pattern+1:
			return "Missing envariable expression for " + d.Name
		case IsBrokenPattern(words[pattern]):
			return d.Name + " regex could not be compiled."
		}
		return ""
	}
}

// checkTimeout is what ap_timeout_parameter_parse takes: a number, of seconds
// unless s, h, ms or mi stands behind it.
func checkTimeout(_ *reader, d *Directive) string {
	text := strings.TrimLeft(d.Word(0), " ")
	text = strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(text, "-"), "+"), "0123456789")
	for _, unit := range []string{"s", "h", "ms", "mi"} {
		if text == "" || strings.HasPrefix(text, unit) {
			return ""
		}
	}
	return d.Name + " has wrong format"
}

// checkAllow is allow_cmd of mod_access_compat.
func checkAllow(_ *reader, d *Directive) string {
	if !strings.EqualFold(d.Word(0), "from") {
		return "allow and deny must be followed by 'from'"
	}
	return ""
}

// knownWords are those of a directive that takes any number of certain words,
// each with a sign before it or not, and what is said of another one: %s.
type knownWords struct {
	words   []string
	message string
}

// wordsOf are such directives.
var wordsOf = map[string]knownWords{
	"FileETag": {
		[]string{"None", "All", "INode", "MTime", "Size", "Digest"}, // set_etag_bits
		"Unknown keyword '%s' for FileETag directive",
	},
	"SSLOptions": {
		[]string{"StdEnvVars", "CompatEnvVars", "ExportCertData", "FakeBasicAuth", "StrictRequire", "OptRenegotiate", "LegacyDNStringFormat"},
		"SSLOptions: Illegal option '%s'",
	},
	"SSLProtocol":      {protocolWords, "SSLProtocol: Illegal protocol '%s'"},
	"SSLProxyProtocol": {protocolWords, "SSLProxyProtocol: Illegal protocol '%s'"},
}

// protocolWords are those of ssl_cmd_protocol_parse, which knows SSLv2 to refuse it.
var protocolWords = []string{"SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3", "all"}

func (known knownWords) check(d *Directive) string {
	for _, word := range d.Words() {
		bare := strings.TrimPrefix(strings.TrimPrefix(word, "+"), "-")
		switch {
		case !containsFold(known.words, bare):
			return strings.Replace(known.message, "%s", bare, 1)
		case d.Name == "FileETag" && bare != word && containsFold([]string{"None", "All"}, bare):
			return "FileETag keyword '" + bare + "' cannot be used with '+' or '-'"
		}
	}
	return ""
}
