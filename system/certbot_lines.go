package system

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// certbotLines are those that the Apache plugin of certbot 2.1.0 and later adds
// to virtual hosts (certbot_apache/_internal: configurator.py, constants.py),
// and the redirects of earlier ones.
var certbotLines = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(RewriteEngine on` +
		`|RewriteCond %\{SERVER_NAME\} =\S+( \[OR\])?` +
		`|RewriteRule \^ https://%\{SERVER_NAME\}%\{REQUEST_URI\} \[(END|L),(NE|QSA),R=permanent\]` +
		`|Include \S+/options-ssl-apache\.conf` +
		`|SSLCertificate(File|KeyFile|ChainFile) \S+` +
		`|SSLUseStapling on` +
		`|Header always set Strict-Transport-Security "max-age=31536000"` +
		`|Header always set Content-Security-Policy upgrade-insecure-requests` +
		`)$`)
})

// challengeLine is one that certbot adds while a certificate authority asks for
// its answer, and takes away after it.
var challengeLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^\s*Include \S*/le_http_01_challenge_(pre|post)\.conf\s*$`)
})

func isCertbotLine(line string) bool { return certbotLines().MatchString(strings.TrimSpace(line)) }

// certbotEdit gives the lines that certbot added to a text, and what has become
// of the text without them.
func certbotEdit(before, now string) (added []string, rest string) {
	lines := linesOf(before)
	hunks := hunksOf(lines, linesOf(now))
	for _, h := range hunks {
		for _, line := range h.lines {
			if isCertbotLine(line) {
				added = append(added, line)
			}
		}
	}
	moved := func(line string) bool { // certbot puts lines of a certificate to the end
		return isCertbotLine(line) && slices.ContainsFunc(added, func(a string) bool { return strings.TrimSpace(a) == strings.TrimSpace(line) })
	}
	for i, h := range hunks {
		kept := slices.DeleteFunc(slices.Clone(lines[h.from:h.to]), func(line string) bool { return !moved(line) })
		hunks[i].lines = append(kept, slices.DeleteFunc(slices.Clone(h.lines), isCertbotLine)...)
	}
	return added, strings.Join(within(lines, hunks, 0, len(lines)), "")
}

// sameLines tells whether two texts differ in blanks and empty lines alone, of
// which certbot leaves others.
func sameLines(a, b string) bool { return slices.Equal(strippedLines(a), strippedLines(b)) }

func strippedLines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// withBlock puts lines at the end of the first virtual host, as certbot does.
func withBlock(text string, block []string) string {
	lines := linesOf(text)
	end := slices.IndexFunc(lines, func(line string) bool { return strings.EqualFold(strings.TrimSpace(line), "</VirtualHost>") })
	if end < 0 {
		return text
	}
	return strings.Join(slices.Insert(lines, end, block...), "")
}

// withoutBlock takes the lines away that withBlock has put there.
func withoutBlock(text string, block []string) string {
	if len(block) == 0 {
		return text
	}
	return strings.Replace(text, strings.Join(block, ""), "", 1)
}
