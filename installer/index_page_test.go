package installer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

const jsonType = "application/vnd.pypi.simple.v1+json"

var pageAddress = &url.URL{Scheme: "https", Host: "index.example", Path: "/simple/mod-wsgi/"}

// A largePage gives a beginning, then one piece again and again, and an end.
type largePage struct {
	beginning, piece, end string
	times                 int // less than zero is for ever
	rest                  []byte
	begun                 bool
}

func (p *largePage) Read(to []byte) (int, error) {
	if len(p.rest) == 0 {
		switch {
		case !p.begun && p.beginning != "":
			p.rest = []byte(p.beginning)
		case p.times != 0:
			count := 1000
			if p.times > 0 {
				count = min(count, p.times)
				p.times -= count
			}
			p.rest = bytes.Repeat([]byte(p.piece), count)
		case p.end != "":
			p.rest, p.end = []byte(p.end), ""
		default:
			return 0, io.EOF
		}
		p.begun = true
	}
	n := copy(to, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

func TestPageOfManyLinksKeepsOnlyArchives(t *testing.T) {
	t.Parallel()
	const links = 900_000
	for name, test := range map[string]struct {
		kind string
		page largePage
	}{
		"HTML": {"text/html", largePage{piece: `<a href="x-1.0.zip">x</a>` + "\n", end: `<a href="mod_wsgi-5.0.2.tar.gz">x</a>`}},
		"JSON": {jsonType, largePage{beginning: `{"meta":{"api-version":"1.0"},"files":[`, piece: `{"filename":"x-1.0.zip","url":"x"},`, end: `{"filename":"mod_wsgi-5.0.2.tar.gz","url":"mod_wsgi-5.0.2.tar.gz"}]}`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.page.times = links
			archives, err := readPage(t.Context(), &test.page, test.kind, pageAddress)
			if err != nil || len(archives) != 1 || archives[0].From() != "https://index.example/simple/mod-wsgi/mod_wsgi-5.0.2.tar.gz" {
				t.Error(archives, err)
			}
		})
	}
}

// Whatever comes without end is refused, by the bound that it reaches first.
func TestPageWithoutEnd(t *testing.T) {
	t.Parallel()
	const inFiles = `{"files":[`
	for name, test := range map[string]struct {
		kind, beginning, piece string
		want                   error
	}{
		"HTML links":          {"text/html", "", "<a href=an-archive-of-something-else-1.0.zip>", errLongPage},
		"HTML archives":       {"text/html", "", "<a href=mod_wsgi-5.0.2.tar.gz>", errManyFinds},
		"HTML text":           {"text/html", "", "a", errLongItem},
		"HTML tag":            {"text/html", "<a href='", "a", errLongItem},
		"HTML attributes":     {"text/html", "<a ", "a=b ", errLongItem},
		"HTML comment":        {"text/html", "<!-- ", "-", errLongItem},
		"HTML script":         {"text/html", "<script>", "<a href=x>", errLongItem},
		"JSON files":          {jsonType, inFiles, `{"filename":"an-archive-of-something-else-1.0.zip"},`, errLongPage},
		"JSON archives":       {jsonType, inFiles, `{"filename":"mod_wsgi-5.0.2.tar.gz"},`, errManyFinds},
		"JSON blanks":         {jsonType, "", " ", errLongItem},
		"JSON blanks inside":  {jsonType, inFiles, "\n", errLongItem},
		"JSON name":           {jsonType, inFiles + `{"filename":"`, "a", errLongItem},
		"JSON hashes":         {jsonType, inFiles + `{"hashes":{`, `"a":"b",`, errLongItem},
		"JSON other value":    {jsonType, `{"versions":[`, `"5.0.2+a.local.version.that.has.many.characters.in.its.name",`, errLongPage},
		"JSON other string":   {jsonType, `{"x":"`, `a`, errLongItem},
		"JSON key":            {jsonType, `{"`, `a`, errLongItem},
		"JSON nested objects": {jsonType, `{"x":`, `{"a key that has many characters in its name":`, errLongPage},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := readPage(t.Context(), &largePage{beginning: test.beginning, piece: test.piece, times: -1}, test.kind, pageAddress)
			if err == nil || !strings.HasSuffix(err.Error(), test.want.Error()) {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
}

// A server may send byte by byte. Each is looked at once.
func TestLongItemByteByByte(t *testing.T) {
	t.Parallel()
	for kind, beginning := range map[string]string{"text/html": "<a href='", jsonType: `{"files":[{"filename":"`} {
		body := iotest.OneByteReader(&largePage{beginning: beginning, piece: "a", times: -1})
		if _, err := readPage(t.Context(), body, kind, pageAddress); err == nil || !strings.HasSuffix(err.Error(), errLongItem.Error()) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestPageStopsWithItsContext(t *testing.T) {
	t.Parallel()
	for kind, piece := range map[string]string{"text/html": "<a href=x>", jsonType: "[["} {
		ctx, cancel := context.WithCancel(t.Context())
		body := readerFunc(func(p []byte) (int, error) {
			cancel()
			return copy(p, piece), nil
		})
		if _, err := readPage(ctx, body, kind, pageAddress); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// What a link says is bounded, and comes out as it may be printed.
func TestWhatLinksSay(t *testing.T) {
	t.Parallel()
	file := func(values map[string]any) string {
		values["filename"], values["url"] = "mod_wsgi-5.0.2.tar.gz", "x"
		text, err := json.Marshal(map[string]any{"files": []any{values}})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for name, test := range map[string]struct {
		kind, text string
		want       []string
	}{
		"reason of two lines":  {jsonType, file(map[string]any{"yanked": "bad\nWarning: good "}), []string{"true/bad Warning: good/"}},
		"in HTML, too":         {"text/html", "<a href=mod_wsgi-5.0.2.tar.gz data-yanked='bad&#10;x'>", []string{"true/bad x/"}},
		"long reason":          {jsonType, file(map[string]any{"yanked": strings.Repeat("é", 1000)}), []string{"true/" + strings.Repeat("é", maxLine) + "…/"}},
		"yanked, no reason":    {jsonType, file(map[string]any{"yanked": true}), []string{"true//"}},
		"not yanked":           {jsonType, file(map[string]any{"yanked": false}), []string{"false//"}},
		"requirement":          {"text/html", "<a href=mod_wsgi-5.0.2.tar.gz data-requires-python='&gt;=3.8'>", []string{"false//>=3.8"}},
		"requirement too long": {jsonType, file(map[string]any{"requires-python": strings.Repeat(">=3.8,", 100)}), nil},
		"address too long":     {"text/html", "<a href='" + strings.Repeat("x/", 5000) + "mod_wsgi-5.0.2.tar.gz'>", nil},
		"name too long":        {"text/html", "<a href='mod_wsgi-5" + strings.Repeat(".0", 100) + ".tar.gz'>", nil},
		"name in escapes":      {"text/html", "<a href='mod%5Fwsgi-5.0.2.tar.gz?x=/y#z'>", []string{"false//"}},
		"name behind escapes":  {"text/html", "<a href='..%2Fmod_wsgi-5.0.2.tar.gz'>", nil},
		"file of this machine": {"text/html", "<a href='file:///etc/mod_wsgi-5.0.2.tar.gz'><base href='file:///etc/'><a href='mod_wsgi-5.0.2.tar.gz'>", []string{"false//"}},
		"no files":             {jsonType, `{"meta":{"api-version":"1.4"},"versions":["5.0.2",{"a":[1,null]}],"files":[]}`, nil},
	} {
		archives, err := readPage(t.Context(), strings.NewReader(test.text), test.kind, pageAddress)
		var got []string
		for _, a := range archives {
			got = append(got, fmt.Sprintf("%v/%s/%s", a.Yanked, a.YankedReason, a.RequiresPython))
			if a.address.Scheme != "https" {
				t.Errorf("%s: leads to %s", name, a.address)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

func TestDamagedJSONIsRefused(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		``:                         "breaks off",
		`{`:                        "breaks off",
		`{"files":[`:               "breaks off",
		`{"files":[{}`:             "breaks off",
		`{"files":[{"filename":"x`: "breaks off",
		`{"x":[[`:                  "breaks off",
		`{"files":[]} {}`:          "more after its end",
		`{"files":[]}]`:            "more after its end",
		`[]`:                       `{ is expected, found "["`,
		`{"files":null}`:           "[ is expected",
		`{"files":[3]}`:            "cannot unmarshal",
		`{"files":[],"meta":{"api-version":"2.0"}}`: `version "2.0"`,
	} {
		if _, err := readPage(t.Context(), strings.NewReader(text), jsonType, pageAddress); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error %v, want %q", text, err, says)
		}
	}
}

// FuzzReadPage holds a page of either form to this: it does not matter in what
// pieces it comes, and what is kept may be printed and leads to no file of this
// machine.
func FuzzReadPage(f *testing.F) {
	for _, seed := range []string{
		`<base href="/files/"><a href="mod_wsgi-5.0.2.tar.gz#sha256=00" data-requires-python="&gt;=3" data-yanked="x">x</a>`,
		`<meta name="pypi:repository-version" content="1.0"><a href=file:mod_wsgi-5.0.2.zip><!-- <a> --><script><a href=x></script>`,
		`{"meta":{"api-version":"1.1"},"files":[{"filename":"mod_wsgi-5.0.2.tar.gz","url":"../x","hashes":{"sha256":"00"},"yanked":"\u001b"}]}`,
		`{"files":[{"filename":"mod_wsgi-1.zip","url":"file:///x","requires-python":"\u202e","yanked":true},{}],"x":[{"y":[1,2]}]} `,
	} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, text string, asJSON bool) {
		kind := "text/html"
		if asJSON {
			kind = jsonType
		}
		whole, err := readPage(t.Context(), strings.NewReader(text), kind, pageAddress)
		pieces, errPieces := readPage(t.Context(), iotest.OneByteReader(strings.NewReader(text)), kind, pageAddress)
		if fmt.Sprint(err) != fmt.Sprint(errPieces) {
			t.Fatalf("as a whole: %v, in pieces: %v", err, errPieces)
		}
		if diff := cmp.Diff(shown(whole), shown(pieces)); diff != "" {
			t.Fatal(diff)
		}
		for _, line := range append(shown(whole), fmt.Sprint(err)) {
			if strings.ContainsAny(line, "\n\r\v\f\u0085\u2028\u2029") {
				t.Errorf("%q is more than a line", line)
			}
		}
		for _, archive := range whole {
			if archive.address.Scheme == "file" || !archiveName().MatchString(archive.Name) {
				t.Errorf("kept: %s at %s", archive.Name, archive.address)
			}
		}
	})
}

// shown is all of the archives that may be printed.
func shown(archives []Archive) []string {
	var lines []string
	for _, a := range archives {
		lines = append(lines, fmt.Sprint(a.Release, " ", a.Name, " ", a.From(), " ", a.RequiresPython, " ", a.Yanked, " ", a.YankedReason))
	}
	return lines
}
