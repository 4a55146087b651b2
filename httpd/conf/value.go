package conf

import (
	"slices"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// valueCheck is what the function of a directive says of arguments whose number
// is right, or "".
type valueCheck func(r *reader, d *Directive) string

// valueChecks are those of directives that take more than certain words. Those of
// directives that are not here are not known.
var valueChecks = map[string]valueCheck{
	"Alias":              (*reader).checkAlias,
	"AliasMatch":         patternAt(0, "Regular expression could not be compiled."),
	"AllowOverride":      checkAllowOverride,
	"BrowserMatch":       checkSetEnvIf(0),
	"BrowserMatchNoCase": checkSetEnvIf(0),
	"ErrorDocument":      checkErrorDocument,
	"ExpiresByType":      checkExpires(1),
	"ExpiresDefault":     checkExpires(0),
	"Header":             checkHeader,
	"IndexOptions":       checkIndexOptions,
	"LimitRequestBody":   checkLimit,
	"KeepAliveTimeout":   checkTimeout,
	"Listen":             checkListen,
	"LogLevel":           checkLogLevel,
	"Options":            checkOptions,
	"ProxyPass":          (*reader).checkProxyPass,
	"ProxyPassMatch":     (*reader).checkProxyPass,
	"Redirect":           checkRedirect,
	"RedirectMatch":      checkRedirectMatch,
	"RequestHeader":      checkHeader,
	"RequestReadTimeout": checkReadTimeout,
	"Require":            (*reader).checkRequire,
	"RewriteBase":        (*reader).checkRewriteBase,
	"RewriteCond":        checkRewriteCond,
	"RewriteRule":        checkRewriteRule,
	"ScriptAlias":        (*reader).checkAlias,
	"ScriptAliasMatch":   patternAt(0, "Regular expression could not be compiled."),
	"ServerAlias":        (*reader).checkServerAlias,
	"ServerName":         checkServerName,
	"SetEnvIf":           checkSetEnvIf(1),
	"SetEnvIfNoCase":     checkSetEnvIf(1),
	"User":               checkUser,
	"UserDir":            checkUserDir,
	"allow":              checkAllow,
	"deny":               checkAllow,
}

// valueCheckOf is the check of a directive, or nil.
func valueCheckOf(name string) valueCheck {
	if check, ok := valueChecks[name]; ok {
		return check
	}
	if keywords, ok := keywordsOf[name]; ok {
		return func(_ *reader, d *Directive) string {
			if containsFold(keywords.words, d.Word(0)) {
				return ""
			}
			return keywords.message
		}
	}
	if known, ok := wordsOf[name]; ok {
		return func(_ *reader, d *Directive) string { return known.check(d) }
	}
	return nil
}

// valueAdvice is what to do, by how a message begins.
var valueAdvice = []struct{ beginning, advice string }{
	{"Unknown parameter: ", "Write a value that has blanks in quotes."},
	{"RewriteRule: bad flag", "Write the flags in brackets without blanks: [R=301,L]."},
	{"RewriteCond: bad flag", "Write the flags in brackets without blanks: [NC,OR]."},
	{"negative Require", "Write it into a <RequireAll>, beside what lets requests in."},
	{"<RequireNone>", "Write it into a <RequireAll>, beside what lets requests in."},
	{"Regex could not", "Write a regular expression, in which .* stands for any text."},
}

func adviceOn(message string) string {
	for _, row := range valueAdvice {
		if strings.HasPrefix(message, row.beginning) {
			return row.advice
		}
	}
	return ""
}

func checkErrorDocument(_ *reader, d *Directive) string {
	if code := expr.LeadingNumber(d.Word(0)); code < 100 || code > 599 {
		return "Unsupported HTTP response code " + d.Word(0)
	}
	return ""
}

// checkLimit is set_limit_req_body.
func checkLimit(_ *reader, d *Directive) string {
	if n, err := strconv.ParseInt(d.Word(0), 10, 64); err != nil || n < 0 {
		return d.Name + " requires a non-negative integer."
	}
	return ""
}

// checkAlias is add_alias of mod_alias: a folder alone says what a Location is
// mapped to.
func (r *reader) checkAlias(d *Directive) string {
	_, rest := Word(d.Args)
	inside := isInDirectory(d)
	switch {
	case inside && rest != "":
		return d.Name + " cannot occur within directory context"
	case !inside && rest == "" && r.modules.complete:
		return "Alias must have two arguments when used globally"
	}
	return ""
}

// checkUser is unixd_set_user.
func checkUser(_ *reader, d *Directive) string {
	name := d.Word(0)
	if number, ok := strings.CutPrefix(name, "#"); name == "root" || ok && strings.Trim(number, "0") == "" {
		return "User " + name + ": httpd refuses to serve pages as root"
	}
	return ""
}

// checkUserDir is set_user_dir.
func checkUserDir(_ *reader, d *Directive) string {
	if d.Word(0) == "" {
		return "UserDir requires an argument."
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
	"HostnameLookups":     {[]string{"on", "off", "double"}, "parameter must be 'on', 'off', or 'double'"},
	"EnableMMAP":          {[]string{"on", "off"}, "parameter must be 'on' or 'off'"},
	"EnableSendfile":      {[]string{"on", "off"}, "parameter must be 'on' or 'off'"},
	"order":               {[]string{"allow,deny", "deny,allow", "mutual-failure"}, "unknown order"},
	"Satisfy":             {[]string{"all", "any"}, "Satisfy either 'any' or 'all'."},
	"SSLEngine":           {[]string{"on", "off", "optional"}, "Argument must be On or Off"},
	"SSLProxyVerify":      {verifyWords, "SSLProxyVerify: want none, optional, require or optional_no_ca"},
	"SSLVerifyClient":     {verifyWords, "SSLVerifyClient: want none, optional, require or optional_no_ca"},
	"TraceEnable":         {[]string{"on", "off", "extended"}, "TraceEnable must be one of 'on', 'off', or 'extended'"},
}

var verifyWords = []string{"none", "off", "optional", "require", "on", "optional_no_ca"} // ssl_cmd_verify_parse

var optionNames = []string{
	"Indexes", "Includes", "IncludesNOEXEC", "FollowSymLinks", "SymLinksIfOwnerMatch", "ExecCGI", "MultiViews", "RunScripts",
}

// checkOptions is set_options.
func checkOptions(_ *reader, d *Directive) string {
	var room [8]string
	signed, whole := false, false
	for i, word := range d.WordsIn(&room) {
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
func checkAllowOverride(_ *reader, d *Directive) string {
	var room [8]string
	for _, word := range d.WordsIn(&room) {
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
func checkLogLevel(_ *reader, d *Directive) string {
	var room [8]string
	const message = "Log level keyword must be one of emerg/alert/crit/error/warn/notice/info/debug/trace1/.../trace8"
	for _, word := range d.WordsIn(&room) {
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
