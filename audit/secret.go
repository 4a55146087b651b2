package audit

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// secretIn is the variable that a SetEnv or its like gives a secret to, or "".
// The value itself is told nowhere.
func secretIn(d *conf.Directive) string {
	var room [8]string
	variable, _ := secretOf(d.Name, d.WordsIn(&room))
	return variable
}

// secretOf is the variable that a directive gives a secret to, or "", and the
// number of the word that has the secret.
func secretOf(directive string, words []string) (variable string, at int) {
	switch {
	case strings.EqualFold(directive, "SetEnv"):
		if len(words) > 1 && isSecret(words[0], words[1]) {
			return words[0], 1
		}
	case strings.EqualFold(directive, "SetEnvIf"), strings.EqualFold(directive, "SetEnvIfNoCase"):
		for i, word := range words[min(2, len(words)):] {
			if name, value, _ := strings.Cut(word, "="); isSecret(name, value) {
				return name, 2 + i
			}
		}
	}
	return "", 0
}

// masked is a line as it may be shown: without a secret that it gives a variable.
func masked(line string) string {
	words := conf.Words(strings.TrimLeft(line, " \t"))
	if len(words) == 0 {
		return line
	}
	variable, at := secretOf(words[0], words[1:])
	if variable == "" {
		return line
	}
	shown := append(slices.Clone(words[:1+at]), "***")
	if at > 1 {
		shown[1+at] = variable + "=***"
	}
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	return indent + strings.Join(shown, " ")
}

// isSecret tells whether a variable holds a secret: by its name, or by a
// password in its value, as that of a database's URL. A value that names a file,
// or that comes from elsewhere, is none.
func isSecret(name, value string) bool {
	if conf.HasMark(value) {
		return false // whatever comes in its place stands elsewhere
	}
	if strings.Contains(value, "://") && hasPassword().MatchString(value) {
		return true
	}
	if value == "" || strings.HasPrefix(value, "/") || strings.Contains(value, "${") || strings.Contains(value, "$1") {
		return false
	}
	return isSecretName(name) && !plainValue().MatchString(value)
}

// hasPassword is a URL with a user and a password.
var hasPassword = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://[^/?#@:]*:[^/?#@$]+@`)
})

// plainValue is a switch, a small number, or the address of a page.
var plainValue = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(on|off|yes|no|true|false|none|\d{1,5}|https?://.*)$`)
})

// isSecretName tells whether the words of a name say so, and its last one is
// not about something else of the secret.
func isSecretName(name string) bool {
	name = strings.ToUpper(name)
	if !slices.ContainsFunc(ofSecrets, func(part string) bool { return strings.Contains(name, part) }) {
		return false // as most: nothing to take apart
	}
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == '_' || r == '-' || r == '.' })
	if len(parts) == 0 || slices.Contains(parts, "PUBLIC") || slices.Contains(notSecret, parts[len(parts)-1]) {
		return false
	}
	return slices.ContainsFunc(parts, func(part string) bool {
		for _, word := range []string{"SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "TOKEN"} {
			if strings.Contains(part, word) {
				return true
			}
		}
		return part == "KEY" || strings.HasSuffix(part, "APIKEY") || strings.HasSuffix(part, "ACCESSKEY") || strings.HasSuffix(part, "PRIVATEKEY")
	})
}

// ofSecrets are parts of names of which each that speaks of a secret has one.
var ofSecrets = []string{"SECRET", "PASS", "TOKEN", "KEY"}

// notSecret are last words of names that speak of a secret and hold none.
var notSecret = []string{
	"FILE", "FILENAME", "PATH", "DIR", "URL", "URI", "NAME", "ID", "HEADER", "FIELD", "PREFIX", "SUFFIX", "LENGTH", "TYPE", "ALGORITHM",
	"TIMEOUT", "AGE", "TTL", "LIFETIME", "EXPIRY", "EXPIRES", "EXPIRATION", "ENABLED", "REQUIRED", "HASHERS", "VALIDATORS", "BACKEND",
}
