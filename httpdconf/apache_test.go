package httpdconf_test

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpdconf"
	"github.com/wsgictl/wsgictl/httpdtest"
)

// echo makes Apache answer with the value that it holds for the variable V, in
// a form that keeps each byte.
const echo = `Header always set X-V "expr=%{base64:%{reqenv:V}}"` + "\n"

// batchSize is how many random values, besides the awkward ones, one server is
// given.
const batchSize = 1000

func TestApacheReadsBackWhatQuoteWrites(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	var conf strings.Builder
	conf.WriteString(echo)
	values := batch(rand.New(rand.NewPCG(1, 2)))
	for i, value := range values {
		write := httpdconf.Quote
		if i%2 == 1 {
			write = httpdconf.Argument
		}
		text, err := write(value)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&conf, "<Location /%d/>\nSetEnv V %s\n</Location>\n", i, text)
	}
	s.Start(conf.String())
	for i, value := range values {
		if got := held(t, s, fmt.Sprintf("/%d/", i)); got != value {
			t.Errorf("Apache holds %q, want %q", got, value)
		}
	}
}

func TestApacheMatchesPatternToItsPathOnly(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	names := []string{"plain", "a*c", "a?c", "[abc]", "a[b", `a\b`, `a\*b`, "]", "a b", "!x", "[!x]", "{x}", "ä", "a#b", "-"}
	decoys := []string{"abc", "b", "x", "ab"} // what the names would match as wild cards
	var conf strings.Builder
	fmt.Fprintf(&conf, "%sDocumentRoot %q\n<Directory %q>\nRequire all granted\n</Directory>\n", echo, s.Root+"/htdocs", s.Root+"/htdocs")
	for i, name := range names {
		s.Write("htdocs/files/"+name, "")
		s.Write("htdocs/"+name+"/index.txt", "")
		for _, section := range []struct{ kind, path string }{{"Files", name}, {"Directory", s.Root + "/htdocs/" + name}} {
			pattern, err := httpdconf.Pattern(section.path)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&conf, "<%s %s>\nSetEnv V %d\n</%[1]s>\n", section.kind, pattern, i)
		}
	}
	for _, name := range decoys {
		s.Write("htdocs/files/"+name, "")
		s.Write("htdocs/"+name+"/index.txt", "")
	}
	s.Start(conf.String())
	for i, name := range names {
		for _, path := range []string{"/files/" + url.PathEscape(name), "/" + url.PathEscape(name) + "/index.txt"} {
			if got := held(t, s, path); got != fmt.Sprint(i) {
				t.Errorf("%s: section %q applies, want %d (%s)", path, got, i, name)
			}
		}
	}
	for _, name := range decoys {
		for _, path := range []string{"/files/" + name, "/" + name + "/index.txt"} {
			if got := held(t, s, path); got != "" {
				t.Errorf("%s: section of %q applies, want none", path, got)
			}
		}
	}
}

// FuzzQuoteByApache lets a running Apache read each value from a .htaccess
// file, which its configuration reader reads anew at each request.
func FuzzQuoteByApache(f *testing.F) {
	for _, value := range awkward {
		f.Add(value)
	}
	s := httpdtest.New(f)
	s.Write("htdocs/index.txt", "")
	s.Start(fmt.Sprintf("%sDocumentRoot %q\n<Directory %[2]q>\nRequire all granted\nAllowOverride FileInfo\n</Directory>\n", echo, s.Root+"/htdocs"))
	f.Fuzz(func(t *testing.T, value string) {
		text, err := httpdconf.Quote(value)
		if err != nil || len(text) > 4000 { // Apache ends lines of .htaccess at 8 KiB, and response headers too
			t.Skip()
		}
		if err := os.WriteFile(filepath.Join(s.Root, "htdocs/.htaccess"), []byte("SetEnv V "+text+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := held(t, s, "/index.txt"); got != value {
			t.Errorf("Apache holds %q, want %q", got, value)
		}
	})
}

// held gives the value of V that s holds for path.
func held(t *testing.T, s *httpdtest.Server, path string) string {
	t.Helper()
	response, err := http.Get(s.URL + path)
	if err != nil {
		t.Fatalf("%v\n%s", err, s.ErrorLog())
	}
	response.Body.Close()
	value, err := base64.StdEncoding.DecodeString(response.Header.Get("X-V"))
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode == http.StatusInternalServerError {
		t.Fatalf("status %s\n%s", response.Status, s.ErrorLog())
	}
	return string(value)
}

// batch gives the awkward values and random ones made of their pieces, all of
// which can be quoted.
func batch(random *rand.Rand) []string {
	values := append([]string(nil), awkward...)
	for len(values) < len(awkward)+batchSize {
		var value strings.Builder
		for range random.IntN(12) {
			if random.IntN(3) == 0 {
				value.WriteByte(byte(1 + random.IntN(255)))
			} else {
				value.WriteString(awkward[random.IntN(len(awkward))])
			}
		}
		if _, err := httpdconf.Quote(value.String()); err == nil {
			values = append(values, value.String())
		}
	}
	return values
}
