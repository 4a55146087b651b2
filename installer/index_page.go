package installer

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/url"
	"strings"
)

// Bounds of a page of an index. The largest known have some megabytes; mod_wsgi
// has less than 200 releases.
const (
	maxPageSize  = 32 << 20 // in bytes
	maxItemSize  = 1 << 20  // in bytes: one tag, one text, or all that is said of one file
	maxPageFinds = 2000     // archives of mod_wsgi
)

var (
	errLongPage  = fmt.Errorf("more than %d MiB", maxPageSize>>20)
	errLongItem  = fmt.Errorf("more than %d MiB without a link: not a page of an index", maxItemSize>>20)
	errManyFinds = fmt.Errorf("more than %d archives of mod_wsgi: not a page of an index", maxPageFinds)
)

// A page is a page of an index while it comes in. Of its links, only those to
// source archives of mod_wsgi are kept.
type page struct {
	base     *url.URL // what addresses on it are relative to
	archives []Archive
}

// readPage reads the source archives of final releases to which a page has
// links, in the form that its media type tells: JSON (PEP 691) or HTML
// (PEP 503). It reads no more than it has to keep, and stops with the context.
func readPage(ctx context.Context, body io.Reader, mediaType string, address *url.URL) ([]Archive, error) {
	bounded := &boundedReader{ctx: ctx, from: body, left: maxPageSize, refusal: errLongPage}
	p := &page{base: address}
	read := p.readHTML
	kind, _, _ := mime.ParseMediaType(mediaType) // without one, it is HTML
	if strings.HasSuffix(kind, "+json") || kind == "application/json" {
		read = p.readJSON
	}
	err := read(bounded)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("page of %s: %s", project, plain(err))
	}
	return p.archives, nil
}

// add keeps a link that leads to an archive.
func (p *page) add(l link) error {
	archive, ok := l.archive(p.base)
	if !ok {
		return nil
	}
	if len(p.archives) == maxPageFinds {
		return errManyFinds
	}
	p.archives = append(p.archives, archive)
	return nil
}

// knownVersion refuses pages of a later major version, as PEP 629 wants.
func knownVersion(version string) error {
	major, _, _ := strings.Cut(version, ".")
	if major != "" && major != "1" {
		return fmt.Errorf("version %.20q of the index's interface; only 1 is known", version)
	}
	return nil
}
