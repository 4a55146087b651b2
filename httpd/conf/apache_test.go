package conf_test

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

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
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
	var configuration strings.Builder
	configuration.WriteString(echo)
	values := batch(rand.New(rand.NewPCG(1, 2)))
	for i, value := range values {
		write := conf.Quote
		if i%2 == 1 {
			write = conf.Argument
		}
		text, err := write(value)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&configuration, "<Location /%d/>\nSetEnv V %s\n</Location>\n", i, text)
	}
	s.Start(configuration.String())
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
	var configuration strings.Builder
	fmt.Fprintf(&configuration, "%sDocumentRoot %q\n<Directory %q>\nRequire all granted\n</Directory>\n", echo, s.Root+"/htdocs", s.Root+"/htdocs")
	for i, name := range names {
		s.Write("htdocs/files/"+name, "")
		s.Write("htdocs/"+name+"/index.txt", "")
		for _, section := range []struct{ kind, path string }{{"Files", name}, {"Directory", s.Root + "/htdocs/" + name}} {
			pattern, err := conf.Pattern(section.path)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&configuration, "<%s %s>\nSetEnv V %d\n</%[1]s>\n", section.kind, pattern, i)
		}
	}
	for _, name := range decoys {
		s.Write("htdocs/files/"+name, "")
		s.Write("htdocs/"+name+"/index.txt", "")
	}
	s.Start(configuration.String())
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
	s := startReader(f)
	f.Fuzz(func(t *testing.T, value string) {
		text, err := conf.Quote(value)
		if err != nil || len(text) > longest {
			return
		}
		if got, ok := readArguments(t, s, text); !ok || got != value {
			t.Errorf("Apache holds %q, want %q", got, value)
		}
	})
}

// FuzzWordsByApache lets Apache and Words split any text. SetEnv takes one
// word after the name, or none, and is an error with more.
func FuzzWordsByApache(f *testing.F) {
	for _, text := range append([]string{`"a"b`, `"a" b`, `a "b`, `'a\'b'`, `"a\`, `a\ b`, `\\a`, `""`, `" `}, awkward...) {
		f.Add(text)
	}
	s := startReader(f)
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.TrimRight(text, " \t\v\f") // as Apache does with each line before it splits it
		// A backslash at the end joins the next line, "${" is a variable.
		if strings.ContainsAny(text, "\n\r\x00") || strings.HasSuffix(text, `\`) ||
			strings.Contains(text, "${") || len(text) > longest {
			return
		}
		words := conf.Words(text)
		want := strings.Join(words, "")
		got, ok := readArguments(t, s, text)
		if ok != (len(words) <= 1) || ok && got != want {
			t.Errorf("Apache accepts %q: %v, and holds %q; Words gives %q", text, ok, got, words)
		}
	})
}

// longest is how many bytes of arguments are tried: Apache ends a line of
// .htaccess, and a response header, at 8 KiB.
const longest = 4000

// startReader starts a server that readArguments can use.
func startReader(f *testing.F) *httpdtest.Server {
	s := httpdtest.New(f)
	s.Write("htdocs/index.txt", "")
	s.Start(fmt.Sprintf("%sDocumentRoot %q\n<Directory %[2]q>\nRequire all granted\nAllowOverride FileInfo\n</Directory>\n", echo, s.Root+"/htdocs"))
	return s
}

// readArguments gives the value that Apache reads from text as the arguments
// of SetEnv after the name; false when it is an error for Apache.
func readArguments(t *testing.T, s *httpdtest.Server, text string) (value string, ok bool) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.Root, "htdocs/.htaccess"), []byte("SetEnv V "+text+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	status, value := ask(t, s, "/index.txt")
	return value, status == http.StatusOK
}

// held gives the value of V that s holds for path.
func held(t *testing.T, s *httpdtest.Server, path string) string {
	t.Helper()
	status, value := ask(t, s, path)
	if status == http.StatusInternalServerError {
		t.Fatalf("status %d\n%s", status, s.ErrorLog())
	}
	return value
}

func ask(t *testing.T, s *httpdtest.Server, path string) (status int, value string) {
	t.Helper()
	response, err := http.Get(s.URL + path)
	if err != nil {
		t.Fatalf("%v\n%s", err, s.ErrorLog())
	}
	response.Body.Close()
	text, err := base64.StdEncoding.DecodeString(response.Header.Get("X-V"))
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
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
		if _, err := conf.Quote(value.String()); err == nil {
			values = append(values, value.String())
		}
	}
	return values
}
