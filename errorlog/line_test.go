package errorlog

import "testing"

func TestLinesAreTakenApart(t *testing.T) {
	t.Parallel()
	tests := []struct{ raw, time, process, systemError, text string }{
		{"[Wed Nov 25 18:31:20.159754 2026] [wsgi:error] [pid 16:tid 17] [client 10.0.0.1:50] WSGI0146: gone", "Wed Nov 25 18:31:20.159754 2026", "pid 16:tid 17", "", "WSGI0146: gone"},
		{"[Wed Nov 25 18:31:20.159754 2026] [wsgi:error] [pid 16:tid 17] (11)Resource temporarily unavailable: [client 10.0.0.1:50] mod_wsgi (pid=16): Unable", "Wed Nov 25 18:31:20.159754 2026", "pid 16:tid 17", "Resource temporarily unavailable", "Unable"},
		{"[Wed Oct 11 14:32:53 2017] [error] [client 192.0.2.1] (13)Permission denied: access to /shop denied", "Wed Oct 11 14:32:53 2017", "", "Permission denied", "access to /shop denied"},
		{"[Wed Nov 25 18:31:20 2026] [wsgi:error] [pid 16] mod_wsgi (pid=16, process='app', application=''): Could not", "Wed Nov 25 18:31:20 2026", "pid 16", "", "Could not"},
		{"[Wed Nov 25 18:31:20 2026] [wsgi:error] [pid 16]   File \"/srv/app.wsgi\", line 3", "Wed Nov 25 18:31:20 2026", "pid 16", "", "  File \"/srv/app.wsgi\", line 3"},
		{"[Wed Nov 25 18:31:20 2026] [wsgi:warn] [pid 16] mod_wsgi: Compiled", "Wed Nov 25 18:31:20 2026", "pid 16", "", "Compiled"},
		{"[Wed Nov 25 18:31:20 2026] [wsgi:error] [pid 16] [remote ::1:50] [script /srv/app.wsgi] WSGI0174: no", "Wed Nov 25 18:31:20 2026", "pid 16", "", "WSGI0174: no"},
		{"[Wed Nov 25 18:31:20 2026]", "Wed Nov 25 18:31:20 2026", "", "", ""},
		{"[2026-11-25 18:31:20.159754] [wsgi:error] text", "2026-11-25 18:31:20.159754", "", "", "text"},
		{"\uFEFF[Wed Nov 25 18:31:20 2026] [wsgi:error] [pid 16] text", "Wed Nov 25 18:31:20 2026", "pid 16", "", "text"},
		{"\uFEFF2026-11-25T18:31:20.1Z stderr F text", "2026-11-25T18:31:20.1Z", "", "", "text"},
		{"\uFEFF{\"log\":\"text\\n\",\"time\":\"2026-11-25T18:31:20.1Z\"}", "2026-11-25T18:31:20.1Z", "", "", "text"},
		{"[half a field", "", "", "", "[half a field"},
		{"(c) somebody: text", "", "", "", "(c) somebody: text"},
		{"(13", "", "", "", "(13"},
		{"", "", "", "", ""},

		{"2026-11-25T18:31:20.159754123Z Fatal Python error: init", "2026-11-25T18:31:20.159754123Z", "", "", "Fatal Python error: init"},
		{"2026-11-25T18:31:20+01:00 ImportError: No module named x", "2026-11-25T18:31:20+01:00", "", "", "ImportError: No module named x"},
		{"2026-11-25T18:31:20.1Z stderr F [Wed Nov 25 18:31:20 2026] [error] text", "Wed Nov 25 18:31:20 2026", "", "", "text"},
		{"2026-11-25T18:31:20+0100 host apache2[16]: [wsgi:error] [pid 16:tid 17] text", "2026-11-25T18:31:20+0100", "pid 16:tid 17", "", "text"},
		{"Nov 25 18:31:20 host apache2[16]: text", "Nov 25 18:31:20", "", "", "text"},
		{"Nov  5 18:31:20.123456 host apache2: text", "Nov  5 18:31:20.123456", "", "", "text"},
		{"Nov 25 18:31:20 ", "Nov 25 18:31:20", "", "", ""},
		{"Nov 25 18:31:2", "", "", "", "Nov 25 18:31:2"},
		{"Wed 2026-11-25 18:31:20 UTC host apache2[16]: text", "Wed 2026-11-25 18:31:20 UTC", "", "", "text"},
		{"1795631480.159754 host apache2[16]: text", "2026-11-25T18:31:20.159754Z", "", "", "text"},
		{"1795631480.159754 host apache2[16]: [Wed Nov 25 18:31:20 2026] [wsgi:error] text", "Wed Nov 25 18:31:20 2026", "", "", "text"},
		{"[ 5021.159754] host apache2[16]: text", "[ 5021.159754]", "", "", "text"},
		{"[    3.159754] host apache2[16]: text", "[    3.159754]", "", "", "text"},
		{"[5021.159754] host apache2[16]: [Wed Nov 25 18:31:20 2026] [error] text", "Wed Nov 25 18:31:20 2026", "", "", "text"},
		{"1795631480.15 host apache2[16]: text", "", "", "", "1795631480.15 host apache2[16]: text"},
		{"1.159754", "", "", "", "1.159754"},
		{"Nobody came in", "", "", "", "Nobody came in"},
		{"<187>Nov 25 18:31:20 host apache2[16]: text", "Nov 25 18:31:20", "", "", "text"},
		{"<187>1 2026-11-25T18:31:20Z host apache2 16 - - \uFEFFtext", "2026-11-25T18:31:20Z", "", "", "text"},
		{"<187>1 2026-11-25T18:31:20Z host apache2 16 ID [a b=\"]\\\"\"][c] text", "2026-11-25T18:31:20Z", "", "", "text"},
		{"1 2026-11-25T18:31:20Z host apache2 16 - - \uFEFFtext", "2026-11-25T18:31:20Z", "", "", "text"},
		{"1 2026-11-25T18:31:20.1+01:00 host apache2 16 ID [a b=\"]\\\"\"][c] [wsgi:error] [pid 16] text", "2026-11-25T18:31:20.1+01:00", "pid 16", "", "text"},
		{"<187>1 - host apache2 16 - - text", "", "", "", "text"},
		{"1 2026 text", "", "", "", "1 2026 text"},
		{"<html> is not a priority", "", "", "", "<html> is not a priority"},
		{"web_1  | [Fri Aug 04 05:52:07.137102 2023] [wsgi:error] [pid 3:tid 1] text", "Fri Aug 04 05:52:07.137102 2023", "pid 3:tid 1", "", "text"},
		{"\x1b[36mweb-1  | \x1b[0m2026-11-25T18:31:20Z text", "2026-11-25T18:31:20Z", "", "", "text"},
		{"\x1b[36mweb_1  |\x1b[0m text", "", "", "", "text"},
		{"web-1 |", "", "", "", ""},
		{"[pod/shop-1/web] 2026-11-25T18:31:20Z text", "2026-11-25T18:31:20Z", "", "", "text"},
		{"[pod/shop-1/web] [Wed Nov 25 18:31:20 2026] [wsgi:error] text", "Wed Nov 25 18:31:20 2026", "", "", "text"},

		{`{"log":"AH00052: child\n","stream":"stderr","time":"2026-11-25T18:31:20.1Z"}`, "2026-11-25T18:31:20.1Z", "", "", "AH00052: child"},
		{`{"log":"[Wed Nov 25 18:31:20 2026] [error] \u001b text\r\n","time":"2026-11-25T18:31:20.1Z"}`, "Wed Nov 25 18:31:20 2026", "", "", "\x1b text"},
		{`{"MESSAGE":"text","__REALTIME_TIMESTAMP":"1795631480159754"}`, "2026-11-25T18:31:20.159754Z", "", "", "text"},
		{`{"MESSAGE":[116,101,255,116],"__REALTIME_TIMESTAMP":"1795631480159754"}`, "2026-11-25T18:31:20.159754Z", "", "", "te\xfft"},
		{`{"MESSAGE":[116, 101,120,116],"__REALTIME_TIMESTAMP":"1795631480159754"}`, "2026-11-25T18:31:20.159754Z", "", "", "text"},
		{`{"__REALTIME_TIMESTAMP":"1795631480159754","MESSAGE":[116,101,120,116`, "2026-11-25T18:31:20.159754Z", "", "", "text"},
		{`{"__REALTIME_TIMESTAMP":"1795631480159754","MESSAGE":"te\u00e9 \ud83d\ude00 \"x\" \/ cut\`, "2026-11-25T18:31:20.159754Z", "", "", "te\u00e9 \U0001F600 \"x\" / cut"},
		{`{"MESSAGE":"text","__REALTIME_TIMESTAMP":"now"}`, "", "", "", "text"},
		{`{"MESSAGE":[["a"],["b"]]}`, "", "", "", `{"MESSAGE":[["a"],["b"]]}`},
		{`{"MESSAGE":[116,256]}`, "", "", "", `{"MESSAGE":[116,256]}`},
		{`{"MESSAGE":null}`, "", "", "", `{"MESSAGE":null}`},
		{`{"a": half`, "", "", "", `{"a": half`},
	}
	for _, test := range tests {
		l := parseLine([]byte(test.raw))
		if shown := string(l.seen().shown); shown != test.time {
			t.Errorf("%q: time %q, want %q", test.raw, shown, test.time)
		}
		if got := string(l.process); got != test.process {
			t.Errorf("%q: process %q, want %q", test.raw, got, test.process)
		}
		if got := string(l.systemError); got != test.systemError {
			t.Errorf("%q: system error %q, want %q", test.raw, got, test.systemError)
		}
		if got := string(l.text); got != test.text {
			t.Errorf("%q: text %q, want %q", test.raw, got, test.text)
		}
	}
}

func TestMessagesAreFoundInFormatsOfTheirOwn(t *testing.T) {
	t.Parallel()
	tests := []struct{ raw, id string }{
		{"25/Nov/2026 wsgi error 16 mod_wsgi (pid=16): Queue timeout expired for WSGI daemon process 'app'.", "WSGI0084"},
		{"25/Nov/2026 wsgi error 16 WSGI0146: Daemon process 'app' closed", "WSGI0146"},
		{"WSGI AH AH0 25/Nov/2026 core AH00052: child pid", "AH00052"},
		{"[Wed Nov 25 18:31:20 2026] [wsgi:error] [pid 16:tid 17] the application prints WSGI0146: and AH00052:", ""},
		{"[Wed Nov 25 18:31:20 2026] [core:notice] [pid 1:tid 1] AH00094: Command line: '/usr/sbin/apache2'", ""},
		{"apache2[16]: mod_wsgi (pid=16", ""},
		{"[", ""},
	}
	for _, test := range tests {
		l := parseLine([]byte(test.raw))
		var id string
		if m := l.explain(); m != nil {
			id = m.ID
		}
		if id != test.id {
			t.Errorf("%q: %q, want %q", test.raw, id, test.id)
		}
	}
}
