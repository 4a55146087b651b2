package httpdconf

import (
	"slices"
	"strings"
)

// checkValue checks the arguments of directives of the core whose number is
// right, and gives what httpd would say, or "" (server/core.c).
func (r *reader) checkValue(d *Directive) string {
	switch {
	case d.Is("Alias"), d.Is("ScriptAlias"):
		return r.checkAlias(d)
	case d.Is("User"):
		return checkUser(d.Word(0))
	case d.Is("ServerName"):
		return checkServerName(d.Word(0))
	case d.Is("Options"):
		return checkOptions(d.Words())
	case d.Is("AllowOverride"):
		return checkAllowOverride(d.Words())
	case d.Is("LogLevel"):
		return checkLogLevel(d.Words())
	case d.Is("ErrorDocument"):
		if code := leadingNumber(d.Word(0)); code < 100 || code > 599 {
			return "Unsupported HTTP response code " + d.Word(0)
		}
	default:
		if keywords, ok := keywordsOf[d.Name]; ok && !containsFold(keywords.words, d.Word(0)) {
			return keywords.message
		}
	}
	return ""
}

// checkAlias is add_alias of mod_alias: a folder alone says what a Location is
// mapped to.
func (r *reader) checkAlias(d *Directive) string {
	_, rest := Word(d.Args)
	inside := false
	for at := d.Parent; at != nil; at = at.Parent {
		kind, _ := kindOfSection(at)
		inside = inside || kind != otherSection
	}
	switch {
	case inside && rest != "":
		return d.Name + " cannot occur within directory context"
	case !inside && rest == "" && r.modules.complete:
		return "Alias must have two arguments when used globally"
	}
	return ""
}

// checkUser is unixd_set_user.
func checkUser(name string) string {
	if number, ok := strings.CutPrefix(name, "#"); name == "root" || ok && strings.Trim(number, "0") == "" {
		return "User " + name + ": httpd refuses to serve pages as root"
	}
	return ""
}

// checkServerName is server_hostname_port, for what it takes for a pattern
// (apr_fnmatch_test).
func checkServerName(name string) string {
	_, after, bracket := strings.Cut(name, "[")
	if strings.ContainsAny(name, "*?") || bracket && strings.Contains(after, "]") {
		return "Invalid ServerName \"" + name + "\" use ServerAlias to set multiple server names."
	}
	return ""
}

// keywordsOf are the directives that take one of several words.
var keywordsOf = map[string]struct {
	words   []string
	message string
}{
	"ServerTokens": {
		[]string{"OS", "Min", "Minimal", "Major", "Minor", "Prod", "ProductOnly", "Full"},
		"ServerTokens takes 1 argument: 'Prod(uctOnly)', 'Major', 'Minor', 'Min(imal)', 'OS', or 'Full'",
	},
	"UseCanonicalName":    {[]string{"on", "off", "dns"}, "parameter must be 'on', 'off', or 'dns'"},
	"AcceptPathInfo":      {[]string{"on", "off", "default"}, "AcceptPathInfo must be set to on, off or default"},
	"ServerSignature":     {[]string{"on", "off", "email"}, "ServerSignature: use one of: off | on | email"},
	"AllowEncodedSlashes": {[]string{"on", "off", "nodecode"}, "AllowEncodedSlashes must be On, Off, or NoDecode"},
	"TraceEnable":         {[]string{"on", "off", "extended"}, "TraceEnable must be one of 'on', 'off', or 'extended'"},
}

var optionNames = []string{
	"Indexes", "Includes", "IncludesNOEXEC", "FollowSymLinks", "SymLinksIfOwnerMatch", "ExecCGI", "MultiViews", "RunScripts",
}

// checkOptions is set_options.
func checkOptions(words []string) string {
	signed, whole := false, false
	for i, word := range words {
		hasSign := strings.HasPrefix(word, "+") || strings.HasPrefix(word, "-")
		switch {
		case hasSign && !signed && i > 0 && !whole, !hasSign && signed:
			return "Either all Options must start with + or -, or no Option may."
		case hasSign:
			signed, word = true, word[1:]
		}
		switch {
		case strings.EqualFold(word, "None") || strings.EqualFold(word, "All"):
			name, first := "None", "'Options None' must be the first Option given."
			if strings.EqualFold(word, "All") {
				name, first = "All", "'Options All' must be the first option given."
			}
			if i > 0 {
				return first
			}
			if signed {
				return "You may not use 'Options +" + name + "' or 'Options -" + name + "'."
			}
			whole = true
		case !containsFold(optionNames, word):
			return "Illegal option " + word
		}
	}
	return ""
}

// checkAllowOverride is set_override.
func checkAllowOverride(words []string) string {
	for _, word := range words {
		name, _, detailed := strings.Cut(word, "=")
		switch {
		case strings.EqualFold(name, "Nonfatal"):
			if !detailed {
				return "=Override, =Unknown or =All expected after " + name
			}
		case !containsFold([]string{"Limit", "Options", "FileInfo", "AuthConfig", "Indexes", "None", "All"}, name):
			return "Illegal override option " + name
		}
	}
	return ""
}

var logLevels = []string{
	"emerg", "alert", "crit", "error", "warn", "notice", "info", "debug",
	"trace1", "trace2", "trace3", "trace4", "trace5", "trace6", "trace7", "trace8",
}

// checkLogLevel is set_loglevel, without the names of modules.
func checkLogLevel(words []string) string {
	const message = "Log level keyword must be one of emerg/alert/crit/error/warn/notice/info/debug/trace1/.../trace8"
	for _, word := range words {
		colon := strings.LastIndexByte(word, ':')
		switch level := word[colon+1:]; {
		case colon >= 0 && level == "":
			return "Module specifier '" + word[:colon] + "' must be followed by a log level keyword"
		case containsFold(logLevels, level):
		case colon >= 0:
			return word + ": " + message
		default:
			return message
		}
	}
	return ""
}

func containsFold(words []string, word string) bool {
	return slices.ContainsFunc(words, func(other string) bool { return strings.EqualFold(other, word) })
}
