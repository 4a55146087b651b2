package system

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/wsgictl/wsgictl/templates"
)

// A site gets the modules that its settings need, and others stay as they are:
// Debian's own files for http2 and deflate would have every site use them.
func TestSettingsOfASiteChangeNoOther(t *testing.T) {
	t.Parallel()
	i := newStoppedInstance(t, "event")
	for _, file := range []string{"http2.load", "http2.conf", "deflate.load", "deflate.conf"} {
		os.Remove(filepath.Join(i.root, "mods-enabled", file))
	}
	i.start()
	d := i.declare("6.1.1", "hello", "shop")
	d.Sites[1].HTTP2, d.Sites[1].CompressResponses = true, true
	d.Sites[1].ProxyMountPoint = []templates.Proxy{{URL: "/events", To: "http://127.0.0.1:1/"}}
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]struct{ encoding, upgrade string }{"hello.example.org": {}, "shop.example.org": {"gzip", "h2,h2c"}} {
		header := i.plainHeader(host)
		if got := header.Get("Content-Encoding"); got != want.encoding {
			t.Errorf("%s: Content-Encoding %q, want %q", host, got, want.encoding)
		}
		if got := header.Get("Upgrade"); got != want.upgrade {
			t.Errorf("%s: offers the protocols %q, want %q", host, got, want.upgrade)
		}
	}
}

// plainHeader is the header of a response that may be compressed.
func (i *instance) plainHeader(host string) http.Header {
	i.t.Helper()
	request, err := http.NewRequestWithContext(i.t.Context(), http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/", i.port), nil)
	if err != nil {
		i.t.Fatal(err)
	}
	request.Host = host
	request.Header.Set("Accept-Encoding", "gzip")
	response, err := (&http.Transport{DisableCompression: true, DisableKeepAlives: true}).RoundTrip(request)
	if err != nil {
		i.t.Fatal(err)
	}
	response.Body.Close()
	return response.Header
}
