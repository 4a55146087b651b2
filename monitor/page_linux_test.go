package monitor

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// browser is a Chromium of its own, which ends with the test.
func browser(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program(t, "chromium")), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1200, 900),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, done := chromedp.NewContext(allocator)
	t.Cleanup(done)
	return ctx
}

// TestPage opens the page while a request hangs whose URL is markup and script.
func TestPage(t *testing.T) {
	t.Parallel()
	w := watch(t, releases[0])
	ctx := browser(t)
	hostile := url.URL{Path: "/hang/<img src=x onerror=\"document.title='hacked'\">"}
	go func() {
		if response, err := http.Get(w.URL + hostile.String()); err == nil {
			response.Body.Close()
		}
	}()
	w.Get("", "/")
	if err := chromedp.Do(ctx, chromedp.Navigate(w.page.URL)); err != nil {
		t.Fatal(err)
	}
	row := w.shown(t, ctx, `document.querySelector("#hanging tbody tr")?.innerText`)
	events := w.shown(t, ctx, `document.querySelector("#events tbody")?.innerText`)
	lanes := w.shown(t, ctx, `document.querySelector("article .lanes[aria-label*='1 have a request at hand']")?.ariaLabel`)
	past := w.shown(t, ctx, `document.querySelector("article .past:not([hidden]) canvas[aria-label*='points of history']")?.ariaLabel`)
	title := w.shown(t, ctx, `document.title`)
	images := w.shown(t, ctx, `String(document.images.length)`)
	if past == "" || !strings.Contains(row, hostile.Path) || !strings.Contains(row, "shop") || !strings.Contains(lanes, "2 threads") || !strings.Contains(events, "started") {
		t.Errorf("row %q, lanes %q, events %q", row, lanes, events)
	}
	if title != "wsgictl monitor" || images != "0" {
		t.Errorf("title %q, %s images: what a client sent became markup", title, images)
	}
	if file := os.Getenv("WSGICTL_SCREENSHOT"); file != "" {
		takePicture(t, ctx, file)
	}
	if err := w.gate.Close(); err != nil {
		t.Fatal(err)
	}
	w.shown(t, ctx, `document.querySelector("#hanging tbody tr") === null && "gone"`)
}

// shown is the text that an expression gives, once it gives one.
func (w watched) shown(t *testing.T, ctx context.Context, expression string) string {
	t.Helper()
	text, err := chromedp.Run(ctx, chromedp.Poll[string](expression, chromedp.WithPollingTimeout(patience)))
	if err != nil {
		t.Fatalf("%s: %v\n%s", expression, err, w.ErrorLog())
	}
	return text
}

func takePicture(t *testing.T, ctx context.Context, file string) {
	t.Helper()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, picture, 0o644); err != nil {
		t.Fatal(err)
	}
}
