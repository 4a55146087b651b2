package installer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// An Index is where released archives are found: simple indexes (PEP 503,
// PEP 691), and the places that pip's setting find-links names.
type Index struct {
	pipEnvironment PipEnvironment
	settings       IndexSettings
	web            *webClient
	warn           func(string)
}

// OpenIndex prepares to ask the indexes of settings. That one has to be asked
// again is told to warn, and one that does not answer as long as another does.
func OpenIndex(s PipEnvironment, settings IndexSettings, warn func(string)) (*Index, error) {
	web, err := newWebClient(s, settings, warn)
	if err != nil {
		return nil, err
	}
	return &Index{pipEnvironment: s, settings: settings, web: web, warn: warn}, nil
}

// An Archive is one source archive that an index or a page offers.
type Archive struct {
	Release        modwsgi.Release
	Name           string // "mod_wsgi-6.1.1.tar.gz"
	SHA256         string // empty when the index gives none
	RequiresPython string
	Yanked         bool
	YankedReason   string
	Uploaded       time.Time // zero when the index does not tell

	address *url.URL // may hold a login
	place   string   // the index, or place of find-links, that offers it; may hold a login
}

// From is where the archive is, as it may be printed.
func (a Archive) From() string { return redacted(a.address) }

// project is the normalized name of the distribution.
const project = "mod-wsgi"

// Archives lists the source archives of all releases that are offered:
// first those of find-links, then those of the indexes.
func (x *Index) Archives(ctx context.Context) ([]Archive, error) {
	var archives []Archive
	var problems error
	for _, text := range x.settings.FindLinks {
		found, err := x.linked(ctx, text)
		problems = errors.Join(problems, err)
		archives = append(archives, offeredBy(text, found)...)
	}
	for _, text := range x.settings.Indexes {
		found, err := x.indexed(ctx, text)
		problems = errors.Join(problems, err)
		archives = append(archives, offeredBy(text, found)...)
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

func offeredBy(place string, archives []Archive) []Archive {
	for i := range archives {
		archives[i].place = place
	}
	return archives
}

// Offers says which index, or place of find-links, offers an archive, and why
// it is asked.
func (x *Index) Offers(a Archive) string {
	return fmt.Sprintf("%s (%s)", Redacted(a.place), x.settings.Origins[a.place])
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

// page reads the archives of one page, or of a folder that serves as one.
func (x *Index) page(ctx context.Context, address *url.URL) ([]Archive, error) {
	if address.Scheme == "file" {
		return localArchives(ctx, address)
	}
	response, err := x.web.get(ctx, address, http.Header{"Accept": {simpleTypes}})
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if encoding := encodingOf(response); encoding != "" {
		return nil, fmt.Errorf("answered with the encoding %.20q, which nobody asked for", encoding)
	}
	return readPage(ctx, response.Body, response.Header.Get("Content-Type"), response.Request.URL)
}
