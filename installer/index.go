package installer

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// An Index is where released archives are found: simple indexes (PEP 503,
// PEP 691), and the places that pip's setting find-links names.
type Index struct {
	settings IndexSettings
	web      *webClient
	warn     func(string)
}

// OpenIndex prepares to ask the indexes of settings. Indexes that do not
// answer are told to warn, as long as another one does.
func OpenIndex(s Surroundings, settings IndexSettings, warn func(string)) (*Index, error) {
	web, err := newWebClient(s, settings)
	if err != nil {
		return nil, err
	}
	return &Index{settings: settings, web: web, warn: warn}, nil
}

// An Archive is one source archive that an index or a page offers.
type Archive struct {
	Release        modwsgi.Release
	Name           string // "mod_wsgi-6.1.1.tar.gz"
	SHA256         string // empty when the index gives none
	RequiresPython string
	Yanked         bool
	YankedReason   string

	address *url.URL // may hold a login
	page    *url.URL // that has the link, with its login; nil for a local one
}

// From is where the archive is, as it may be printed.
func (a Archive) From() string { return redacted(a.address) }

// project is the normalized name of the distribution.
const project = "mod-wsgi"

// Archives lists the source archives of all final releases that are offered:
// first those of find-links, then those of the indexes.
func (x *Index) Archives(ctx context.Context) ([]Archive, error) {
	var archives []Archive
	var problems error
	for _, text := range x.settings.FindLinks {
		found, err := x.linked(ctx, text)
		problems = errors.Join(problems, err)
		archives = append(archives, found...)
	}
	for _, text := range x.settings.Indexes {
		found, err := x.indexed(ctx, text)
		problems = errors.Join(problems, err)
		archives = append(archives, found...)
		if x.settings.FirstOnly && len(found) > 0 {
			break
		}
	}
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case len(archives) > 0 && problems != nil:
		x.warn(problems.Error())
	case problems != nil:
		return nil, problems
	case len(archives) == 0:
		return nil, errors.New("no source archive of mod_wsgi in " + strings.Join(x.places(), ", "))
	}
	return archives, nil
}

// places are the find-links and indexes, as they may be printed.
func (x *Index) places() []string {
	var places []string
	for _, text := range append(slices.Clone(x.settings.FindLinks), x.settings.Indexes...) {
		places = append(places, Redacted(text))
	}
	return places
}

// indexed reads the project's page of one index.
func (x *Index) indexed(ctx context.Context, text string) ([]Archive, error) {
	index, err := url.Parse(strings.TrimSuffix(text, "/") + "/" + project + "/")
	if err != nil {
		return nil, errors.New("an index whose address cannot be read") // the error would show a login
	}
	archives, err := x.page(ctx, index)
	if err != nil {
		return nil, fmt.Errorf("index %s: %w", redacted(index), err)
	}
	return archives, nil
}

// page reads the links of one page, or of a folder that serves as one.
func (x *Index) page(ctx context.Context, address *url.URL) ([]Archive, error) {
	if address.Scheme == "file" {
		return localArchives(address)
	}
	text, kind, base, err := x.web.page(ctx, address)
	if err != nil {
		return nil, err
	}
	parse := parseHTMLPage
	if strings.HasSuffix(kind, "+json") || kind == "application/json" {
		parse = parseJSONPage
	}
	links, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("page of %s: %w", project, err)
	}
	archives := archivesOf(links, base)
	for i := range archives {
		archives[i].page = address
	}
	return archives, nil
}

// archivesOf gives the source archives of final releases among the links of a
// page.
func archivesOf(links []link, page *url.URL) []Archive {
	var archives []Archive
	for _, link := range links {
		if archive, ok := link.archive(page); ok {
			archives = append(archives, archive)
		}
	}
	return archives
}

// A link is one file that a page of an index names.
type link struct {
	name           string // file name; empty is the last part of the address
	address        string // relative to the page
	sha256         string
	requiresPython string
	yanked         bool
	yankedReason   string
}

var archiveName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^mod[-_.]wsgi-(\d+(?:\.\d+)*(?:\.post\d+)?)\.(?:tar\.gz|zip)$`)
})

// archive is what the link leads to, when that is the source archive of a
// final release.
func (l link) archive(page *url.URL) (Archive, bool) {
	address, err := page.Parse(l.address)
	if err != nil || address.Scheme == "file" && page.Scheme != "file" { // no page of another machine names files of this one
		return Archive{}, false
	}
	digest := l.sha256
	if value, ok := strings.CutPrefix(address.Fragment, "sha256="); ok && digest == "" {
		digest = value
	}
	address.Fragment = ""
	name := l.name
	if name == "" {
		name = path.Base(address.Path)
	}
	match := archiveName().FindStringSubmatch(name)
	if match == nil {
		return Archive{}, false
	}
	release, err := modwsgi.ParseRelease(match[1])
	if err != nil {
		return Archive{}, false
	}
	return Archive{
		Release: release, Name: name, SHA256: strings.ToLower(digest),
		RequiresPython: l.requiresPython, Yanked: l.yanked, YankedReason: l.yankedReason,
		address: address,
	}, true
}
