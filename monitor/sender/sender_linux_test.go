package sender

import (
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/monitor/telemetry"
)

const app = `def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]
`

// TestOneInterpreterOfAProcessIsWatched loads the file into two of them: figures of
// one process must come from one, and the other says why it is silent.
func TestOneInterpreterOfAProcessIsWatched(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	socket := filepath.Join(s.Root, "it's.sock")
	receiver, err := telemetry.Listen(socket, 0o666)
	if err != nil {
		t.Fatal(err)
	}
	defer receiver.Close()
	script := s.Write("app.wsgi", app)
	file := s.Write("telemetry.py", Script(Options{Socket: socket, Interval: 0.5}))
	s.Start(s.LoadModule("4.9.4") + fmt.Sprintf(`WSGIRestrictEmbedded On
WSGIDaemonProcess shop
WSGIImportScript %[1]q process-group=shop application-group=%%{GLOBAL}
WSGIImportScript %[1]q process-group=shop application-group=other
WSGIScriptAlias /other %[2]q process-group=shop application-group=other
WSGIScriptAlias / %[2]q process-group=shop application-group=%%{GLOBAL}
<Directory %[3]q>
Require all granted
</Directory>
`, file, script, s.Root))
	const complaint = "another interpreter of this process is watched already; requests in 'other' are not counted"
	for deadline := time.Now().Add(time.Minute); !strings.Contains(s.ErrorLog(), complaint); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(s.ErrorLog())
		}
	}
	s.Get("", "/other")
	s.Get("", "/")
	for last := uint32(0); ; last++ { // that no number comes twice shows that one speaks
		_, text, err := receiver.Receive()
		if err != nil {
			t.Fatal(err)
		}
		d, err := telemetry.Decode(text)
		if err != nil || d.Sequence != last+1 {
			t.Fatalf("record %d after %d, %v", d.Sequence, last, err)
		}
		if r, is := d.Body.(*telemetry.Requests); is && r.Count > 0 {
			if r.Count != 1 || r.Group != "shop" || r.Status2xx != 1 || r.MaxThreads != 15 || r.OutputBytes != 5 || r.RSS == 0 {
				t.Errorf("%+v", r)
			}
			return
		}
	}
}

// TestBucketsAreThoseOfModWSGI holds the bucket of a time against where its limits are.
func TestBucketsAreThoseOfModWSGI(t *testing.T) {
	t.Parallel()
	var asks strings.Builder
	var want []int
	for i := 1; i < telemetry.Buckets; i++ {
		start := telemetry.BucketStart(i)
		fmt.Fprintf(&asks, "print(bucket(%.17g), bucket(%.17g))\n", start*1.0001, start*0.9999)
		want = append(want, i, i-1)
	}
	fmt.Fprintf(&asks, "print(bucket(0.0), bucket(1e9))\n")
	want = append(want, 0, telemetry.Buckets-1)
	from := strings.Index(source, "def bucket")
	code := "BUCKETS = 65\n" + source[from:from+strings.Index(source[from:], "\n\n\n")] + "\n\n" + asks.String()
	out, err := exec.CommandContext(t.Context(), "python3", "-c", code).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if got := strings.Fields(string(out)); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestCheck refuses what no process could send to or wait for.
func TestCheck(t *testing.T) {
	t.Parallel()
	good := Options{Socket: "/s" + strings.Repeat("x", Longest-2), Interval: 0.5, Slow: 0, Log: 30}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(*Options){
		"absolute path":            func(o *Options) { o.Socket = "s" },
		"in UTF-8":                 func(o *Options) { o.Socket = "/\xff" },
		"too long by 1 bytes":      func(o *Options) { o.Socket += "x" },
		"interval 0.4":             func(o *Options) { o.Interval = 0.4 },
		"interval NaN":             func(o *Options) { o.Interval = math.NaN() },
		"slow-requests -1":         func(o *Options) { o.Slow = -1 },
		"log-after 90000: want 0 ": func(o *Options) { o.Log = 90000 },
	} {
		bad := good
		change(&bad)
		if err := bad.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestSocketOf reads what Script wrote, and nothing else.
func TestSocketOf(t *testing.T) {
	t.Parallel()
	const socket = "/run/it's \"a\" ünusual/\\socket"
	if got, is := SocketOf(Script(Options{Socket: socket, Interval: 1})); !is || got != socket {
		t.Errorf("%q, %v", got, is)
	}
	for _, other := range []string{"", source, "import shop\nSOCKET = \"/run/theirs\"\n", "\nSOCKET = \"/x\"\n"} {
		if got, is := SocketOf(other); is {
			t.Errorf("%q has the socket %q", other, got)
		}
	}
}
