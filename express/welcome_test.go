package express_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// serveWelcome starts a server that was given no application.
func serveWelcome(t *testing.T) *running {
	t.Helper()
	a := newApplication(t, "6.1.1")
	if err := os.RemoveAll(a.Dir); err != nil {
		t.Fatal(err)
	}
	a.write(t, "unrelated.txt", "")
	return a.serve(t)
}

func TestWelcomePageTellsNothingOfTheMachine(t *testing.T) {
	t.Parallel()
	r := serveWelcome(t)
	_, series := python(t)
	got := r.get("/")
	r.wants(got, 200, "Now give it your application.")
	for _, private := range []string{r.Dir, r.Venv, r.Root, filepath.Dir(r.Dir), fmt.Sprintf("127.0.0.1:%d", r.Port), series, "6.1.1"} {
		if strings.Contains(got.Body, private) {
			t.Errorf("the page tells %q", private)
		}
	}
	if other := serveWelcome(t).get("/"); other.Body != got.Body {
		t.Errorf("each server has a page of its own:\n%s\n%s", got.Body, other.Body)
	}
}

// TestWelcomePageFitsANarrowWindow asks a real browser, where there is one.
func TestWelcomePageFitsANarrowWindow(t *testing.T) {
	t.Parallel()
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
			break
		}
	}
	page := serveWelcome(t).get("/").Body
	if browser == "" {
		// Without one: long lines wrap, and no box is as wide as what is in it.
		for _, rule := range []string{"white-space: pre-wrap", "overflow-wrap: anywhere"} {
			if !strings.Contains(page, rule) {
				t.Errorf("no %q", rule)
			}
		}
		if found := regexp.MustCompile(`display: (?:grid|flex)|[^-]width: \d{3,}px|white-space: (?:pre|nowrap);`).FindString(page); found != "" {
			t.Errorf("%q lets the page be wider than the window", found)
		}
		return
	}
	// The page says itself whether it is wider than its window.
	file := filepath.Join(t.TempDir(), "page.html")
	page = strings.Replace(page, "</body>", "<script>document.title = document.documentElement.scrollWidth > innerWidth ? 'overflows' : 'fits'</script></body>", 1)
	if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	output, err := exec.Command(browser, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=500,800", "--dump-dom", "file://"+file).CombinedOutput()
	if err != nil || !strings.Contains(string(output), "<title>fits</title>") {
		t.Errorf("%v, %.2000s", err, output)
	}
}
