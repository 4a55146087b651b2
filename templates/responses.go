package templates

import (
	"fmt"
	"strings"
)

// Responses declares what becomes of responses on their way to the client. The
// tags are its keys in wsgictl.toml and the flags of render and start-server.
type Responses struct {
	ErrorDocument     []ErrorDocument `toml:"error-document" sep:"none" placeholder:"STATUS URL-PATH" help:"Page for errors of this status."`
	ErrorOverride     bool            `toml:"error-override" help:"Apache's error pages also replace those of the application."`
	CompressResponses bool            `toml:"compress-responses" help:"Compress text, CSS, JavaScript, JSON and XML."`
}

// An ErrorDocument is what a client gets to see of a status.
type ErrorDocument struct {
	Status int    `toml:"status"`
	URL    string `toml:"url"`
}

// Compressed are the media types that compress-responses compresses.
func (Responses) Compressed() []string {
	return []string{
		"text/plain", "text/html", "text/xml", "text/css", "text/javascript",
		"application/xhtml+xml", "application/javascript", "application/json",
	}
}

// modules are those of Apache that this needs.
func (r Responses) modules() []string {
	if r.CompressResponses {
		return []string{"filter", "deflate"}
	}
	return nil
}

// CheckStatuses reports those that Apache has no page for.
func (r Responses) CheckStatuses() error {
	for _, document := range r.ErrorDocument {
		if document.Status < 300 || document.Status > 599 {
			return fmt.Errorf("error-document %d: want a status from 300 to 599", document.Status)
		}
	}
	return nil
}

// check also reports what Apache would take for the text of the page, and pages that
// nobody would see.
func (r Responses) check() error {
	pages := map[int]string{}
	for _, document := range r.ErrorDocument {
		if other, twice := pages[document.Status]; twice {
			return fmt.Errorf("error-document %d: given twice, as %s and %s; Apache shows one", document.Status, other, document.URL)
		}
		pages[document.Status] = document.URL
		if !strings.HasPrefix(document.URL, "/") && !isWebURL(document.URL) {
			return fmt.Errorf("error-document %d %s: want the path of a URL, which begins with /, or a whole URL", document.Status, document.URL)
		}
	}
	return r.CheckStatuses()
}
