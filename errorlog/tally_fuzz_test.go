package errorlog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/modwsgi"
)

func FuzzTally(f *testing.F) {
	for _, line := range []string{
		"[Wed Nov 25 18:31:20.159754 2026] [wsgi:error] [pid 16:tid 17] (11)Resource temporarily unavailable: [client 10.0.0.1:50] mod_wsgi (pid=16): Unable to connect to WSGI daemon process 'a' on 'b' after multiple attempts",
		"[Wed Nov 25 18:31:20.159754 2026] [wsgi:error] [pid 16:tid 17] mod_wsgi (pid=9): Exception occurred processing WSGI script 'a'.\n[Wed Nov 25 18:31:20.159754 2026] [wsgi:error] [pid 16:tid 17] OSError: mod_wsgi client connection closed",
		"2026-11-25T18:31:20.159754123Z stderr F WSGI0146: Daemon process 'shop' closed\n2026-11-25T18:31:20.159754123Z AH00052: child pid",
		`{"log":"WSGI0146: \n","time":"2026-11-25T18:31:20.159754123Z"}` + "\n" + `{"MESSAGE":[65,72],"__REALTIME_TIMESTAMP":"1"}`,
		"<187>1 2026-11-25T18:31:20Z host apache2 16 - [a b=\"]\"] AH00052: \n\x1b[36mweb-1  | \x1b[0mtext\nNov  5 18:31:20 host a[1]: b",
		"apache2[1]: [wsgi:error] WSGI0146: AH00052: \x00\r\n",
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var atOnce, byLine Tally
		atOnce.AddLines(text)
		for line := range bytes.Lines(text) {
			byLine.AddLines(line)
		}
		found := atOnce.Entries()
		if diff := cmp.Diff(found, byLine.Entries()); diff != "" {
			t.Errorf("at once (-) and line by line (+):\n%s", diff)
		}
		count := 0
		for _, e := range found {
			count += e.Count
			if e.Count == 0 || len(e.Example) > LongestExample {
				t.Errorf("%s: %d times, an example of %d bytes", e.ID, e.Count, len(e.Example))
			}
		}
		if lines := bytes.Count(text, []byte("\n")) + min(1, len(bytes.TrimRight(text, "\n"))); count > atOnce.Explained || atOnce.Explained > atOnce.Lines || atOnce.Lines > lines {
			t.Errorf("%d lines, %d explained, %d counted", atOnce.Lines, atOnce.Explained, count)
		}
	})
}

// journalled is a line of journalctl -o json, with all that it tells.
func journalled(message string) string {
	return `{"__CURSOR":"s=0a6ce7e0f3c84f0d9d0a3f0a9f7b7f4c;i=1f;b=6a;m=4b;t=64","__REALTIME_TIMESTAMP":"1795631480159754","__MONOTONIC_TIMESTAMP":"5021159754",` +
		`"_BOOT_ID":"0e1d2c3b4a59687786950a1b2c3d4e5f","PRIORITY":"3","_MACHINE_ID":"0e1d2c3b4a59687786950a1b2c3d4e5f","_HOSTNAME":"web","SYSLOG_IDENTIFIER":"apache2",` +
		`"_TRANSPORT":"stdout","_PID":"16","_UID":"0","_GID":"0","_COMM":"apache2","_EXE":"/usr/sbin/apache2","_SYSTEMD_UNIT":"apache2.service","MESSAGE":` + message + `}`
}

// shapes are logs that a Tally must read in linear time: what servers write,
// and what nobody would but somebody can.
var shapes = []struct{ name, unit string }{
	{"lost", at(10, "WSGI0146: Daemon process 'shop' closed connection before sending complete response headers.")},
	{"lost and ended", at(10, "WSGI0146: Daemon process 'shop' closed connection before sending complete response headers.") + "\n" + at(10, "Aborting daemon process 'blog'.")},
	{"printed", at(10, "printed by the application: order 4711 of customer 12")},
	{"traceback", at(10, "mod_wsgi (pid=1): Exception occurred processing WSGI script '/srv/shop.wsgi'.") + "\n" +
		at(10, "Traceback (most recent call last):") + "\n" + at(10, `  File "/srv/shop.wsgi", line 17, in application`) + "\n" + at(10, "KeyError: 'price'")},
	{"docker's json-file", `{"log":"[Wed Nov 25 18:31:10.000000 2026] [wsgi:error] [pid 1:tid 1] WSGI0146: Daemon process 'shop' closed connection\n","stream":"stderr","time":"2026-11-25T18:31:10.000000000Z"}`},
	{"journalctl -o json", journalled(`"[wsgi:error] [pid 16:tid 17] [client 10.0.0.1:50000] WSGI0146: Daemon process 'shop' closed connection before sending complete response headers."`)},
	{"journalctl -o json, escaped", journalled(`"[wsgi:error] [pid 16:tid 17]   File \"/srv/shop/caf\u00e9.py\", line 17, in \u003cmodule\u003e"`)},
	{"journalctl -o json, lists of bytes", journalled("[" + strings.Repeat("101,", 200) + "32]")},
	{"docker logs -t", "2026-11-25T18:31:10.000000000Z " + at(10, "WSGI0146: Daemon process 'shop' closed connection")},
	{"syslog", "Nov 25 18:31:10 web apache2[16]: [wsgi:error] [pid 16:tid 17] WSGI0146: Daemon process 'shop' closed connection"},
	{"Apache 2.2", "[Wed Oct 11 14:32:52 2017] [error] [client 192.0.2.1] client denied by server configuration: /srv/shop/app.wsgi"},
	{"access log", `192.0.2.14 - - [25/Nov/2026:18:31:21 +0000] "GET /favicon.ico HTTP/1.1" 200 528`},
	{"one byte", "x"},
	{"eight bytes", "12345678"},
	{"long", strings.Repeat("x", 10<<20)},
	{"brackets", strings.Repeat("[", 60000)},
	{"fields", strings.Repeat("[a] (1)b: ", 6000)},
	{"errors without end", strings.Repeat("(1", 30000)},
	{"names without end", strings.Repeat("mod_wsgi (pid=", 4000)},
	{"texts without end", strings.Repeat("mod_wsgi (pid=1): Daemon process called ' ", 1500)},
	{"codes", strings.Repeat("WSGI AH AH0005: WSGI01460 ", 2000)},
	{"nul", strings.Repeat("\x00", 60000)},
	{"empty", ""},
	{"json", `{"log":"` + strings.Repeat(`\n`, 30000) + `"}`},
	{"escapes", `{"MESSAGE":"` + strings.Repeat(`\"`, 30000) + `"}`},
	{"units", `{"MESSAGE":"` + strings.Repeat(`\ud83d\ude00`, 5000) + `"}`},
	{"backslashes", `{"MESSAGE":"` + strings.Repeat(`\`, 60000) + `"}`},
	{"braces", strings.Repeat("{", 60000)},
}

// FuzzUnquote holds the reading of strings against encoding/json, of what that
// takes.
func FuzzUnquote(f *testing.F) {
	for _, text := range []string{`plain\n`, `\"\\\/\b\f\n\r\t`, `caf\u00e9 \ud83d\ude00 \ud83d \ude00\ud83d\ud83d\ude00`, `\\n`, `a\\`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var want string
		if !utf8.ValidString(text) || json.Unmarshal([]byte(`"`+text+`"`), &want) != nil {
			return
		}
		got := strings.TrimSuffix(string(unquote([]byte(text+`","b":"c"}`))), "\n")
		if got != strings.TrimSuffix(want, "\n") {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	})
}

func BenchmarkTally(b *testing.B) {
	for _, shape := range shapes {
		b.Run(shape.name, func(b *testing.B) {
			block := []byte(strings.Repeat(shape.unit+"\n", max(1, blockSize/(len(shape.unit)+1))))
			b.SetBytes(int64(len(block)))
			b.ReportAllocs()
			var tally Tally
			for b.Loop() {
				tally.AddLines(block)
			}
		})
	}
	b.Run("all messages", func(b *testing.B) {
		var text strings.Builder
		for i, m := range modwsgi.Messages() {
			for _, said := range append(m.Texts, m.ID+": ") {
				fmt.Fprintln(&text, at(i%60, said))
			}
		}
		b.SetBytes(int64(text.Len()))
		var tally Tally
		for b.Loop() {
			tally.AddLines([]byte(text.String()))
		}
	})
}
