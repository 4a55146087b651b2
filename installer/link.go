package installer

import (
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// A link is one file that a page of an index names.
type link struct {
	name           string // file name; empty is the last part of the address
	address        string // relative to the page
	sha256         string
	requiresPython string
	yanked         bool
	yankedReason   string
	uploaded       time.Time
}

var archiveName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^mod[-_.]wsgi-(\d[\w.!+-]*)\.(?:tar\.gz|zip)$`)
})

// Bounds of what a link says, in bytes, far above what any says of mod_wsgi.
const (
	maxNameSize     = 100
	maxAddressSize  = 8 << 10
	maxRequiresSize = 200
)

// archive is what the link leads to, when that is the source archive of a
// release.
func (l link) archive(page *url.URL) (Archive, bool) {
	name := firstOf(l.name, lastPart(l.address))
	if len(name) > maxNameSize || len(l.address) > maxAddressSize || len(l.requiresPython) > maxRequiresSize {
		return Archive{}, false
	}
	match := archiveName().FindStringSubmatch(name)
	if match == nil {
		return Archive{}, false
	}
	release, err := modwsgi.ParseRelease(match[1])
	if err != nil {
		return Archive{}, false
	}
	address, err := page.Parse(l.address)
	if err != nil || address.Scheme == "file" && page.Scheme != "file" { // no page of another machine names files of this one
		return Archive{}, false
	}
	digest := l.sha256
	if value, ok := strings.CutPrefix(address.Fragment, "sha256="); ok && digest == "" {
		digest = value
	}
	address.Fragment = ""
	return Archive{
		Release: release, Name: name, SHA256: strings.ToLower(digest),
		RequiresPython: oneLine(l.requiresPython), Yanked: l.yanked, YankedReason: oneLine(l.yankedReason),
		Uploaded: l.uploaded, address: address,
	}, true
}

// lastPart is the file name in an address that is relative to a page.
func lastPart(address string) string {
	address, _, _ = strings.Cut(address, "#")
	address, _, _ = strings.Cut(address, "?")
	part := address[strings.LastIndexByte(address, '/')+1:]
	if name, err := url.PathUnescape(part); err == nil {
		return name
	}
	return part
}
