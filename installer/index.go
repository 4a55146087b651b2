package installer

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// An Index is where released archives are found: one or several simple
// indexes (PEP 503, PEP 691).
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

// An Archive is one source archive that an index offers.
type Archive struct {
	Release        modwsgi.Release
	Name           string // "mod_wsgi-6.1.1.tar.gz"
	SHA256         string // empty when the index gives none
	RequiresPython string
	Yanked         bool
	YankedReason   string

	address *url.URL // may hold a login
	index   *url.URL
}

// project is the normalized name of the distribution.
const project = "mod-wsgi"

// Archives lists the source archives of all final releases that the indexes
// offer, in no order.
func (x *Index) Archives(ctx context.Context) ([]Archive, error) {
	var archives []Archive
	var problems error
	for _, text := range x.settings.Indexes {
		index, err := url.Parse(strings.TrimSuffix(text, "/") + "/" + project + "/")
		if err != nil {
			return nil, errors.New("an index whose address cannot be read") // the error would show a login
		}
		found, err := x.page(ctx, index)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			problems = errors.Join(problems, fmt.Errorf("index %s: %w", redacted(index), err))
			continue
		}
		archives = append(archives, found...)
		if x.settings.FirstOnly && len(found) > 0 {
			break
		}
	}
	if len(archives) == 0 && problems != nil {
		return nil, problems
	}
	if len(archives) == 0 {
		return nil, errors.New("the index has no source archive of mod_wsgi")
	}
	if problems != nil {
		x.warn(problems.Error())
	}
	return archives, nil
}

// page reads the project's page of one index.
func (x *Index) page(ctx context.Context, index *url.URL) ([]Archive, error) {
	text, kind, base, err := x.web.page(ctx, index)
	if err != nil {
		return nil, err
	}
	var links []link
	if strings.HasSuffix(kind, "+json") || kind == "application/json" {
		links, err = parseJSONPage(text)
	} else {
		links, err = parseHTMLPage(text)
	}
	if err != nil {
		return nil, fmt.Errorf("page of %s: %w", project, err)
	}
	var archives []Archive
	for _, link := range links {
		archive, ok := link.archive(base)
		if !ok {
			continue
		}
		archive.index = index
		archives = append(archives, archive)
	}
	return archives, nil
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
	return regexp.MustCompile(`^mod[-_.]wsgi-(\d+(?:\.\d+)*(?:\.post\d+)?)\.tar\.gz$`)
})

// archive is what the link leads to, when that is the source archive of a
// final release.
func (l link) archive(page *url.URL) (Archive, bool) {
	address, err := page.Parse(l.address)
	if err != nil {
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
