package errorlog

import "bytes"

// cutCollector takes off what a collector of logs put before a line, keeps its
// time, and gives the rest:
//
//	2026-11-25T18:31:20.123456789Z text                docker logs -t, podman logs -t
//	web-1  | text                                      docker compose logs, with or without -t
//	[pod/shop-1/web] text                              kubectl logs --prefix, with or without --timestamps
//	2026-11-25T18:31:20.123456789Z stderr F text       CRI: the kubelet's files
//	Nov 25 18:31:20 host apache2[16]: text             RFC 3164, journalctl
//	2026-11-25T18:31:20+00:00 host apache2[16]: text   rsyslog, journalctl -o short-iso
//	Wed 2026-11-25 18:31:20 UTC host apache2[16]: text journalctl -o short-full
//	1764095480.123456 host apache2[16]: text           journalctl -o short-unix
//	[ 5021.123456] host apache2[16]: text              journalctl -o short-monotonic
//	<187>1 2026-11-25T18:31:20Z host apache2 16 - - text  RFC 5424, with its priority or not
//	{"log":"text\n","time":"2026-11-25T18:31:20Z"}     docker's json-file
//	{"MESSAGE":"text","__REALTIME_TIMESTAMP":"1"}      journalctl -o json
func (l *line) cutCollector(text []byte) []byte {
	text = withoutPod(withoutColour(bytes.TrimPrefix(text, []byte(byteOrderMark))))
	if rest, ok := l.cutSeconds(text); ok {
		return withoutSender(rest)
	}
	if len(text) == 0 || text[0] == '[' {
		return text // Apache's own
	}
	if text[0] == '{' {
		return l.cutJSON(text)
	}
	text, structured := cutPriority(withoutContainer(text))
	if structured {
		l.collected, text, _ = bytes.Cut(text, []byte(" "))
		return cutStructured(text)
	}
	if at, rest, ok := cutISOTime(text); ok {
		l.collected = at
		return withoutSender(withoutOutput(rest))
	}
	if at, rest, ok := cutSyslogTime(text); ok {
		l.collected = at
		return withoutSender(rest)
	}
	return text
}

// withoutPod takes off the name that kubectl logs --prefix puts before a line.
func withoutPod(text []byte) []byte {
	if bytes.HasPrefix(text, []byte("[pod/")) {
		if _, rest, ok := cutField(text); ok {
			return rest
		}
	}
	return text
}

// withoutColour takes off what makes a terminal write in colour.
func withoutColour(text []byte) []byte {
	for {
		rest, ok := bytes.CutPrefix(text, []byte("\x1b["))
		if !ok {
			return text
		}
		rest = bytes.TrimLeft(rest, "0123456789;")
		if text, ok = bytes.CutPrefix(rest, []byte("m")); !ok {
			return rest
		}
	}
}

// withoutContainer takes off the name that compose puts before a line.
func withoutContainer(text []byte) []byte {
	name, rest, ok := bytes.Cut(text[:min(len(text), 128)], []byte(" "))
	if !ok || len(name) == 0 {
		return text
	}
	rest = bytes.TrimLeft(rest, " ")
	if len(rest) == 0 || rest[0] != '|' {
		return text
	}
	skipped := min(len(text), 128) - len(rest)
	return withoutColour(bytes.TrimPrefix(withoutColour(text[skipped+1:]), []byte(" ")))
}

// byteOrderMark is what some programs write at the beginning of a file in UTF-8.
const byteOrderMark = "\uFEFF"

// cutPriority takes off the "<187>" of syslog, and the "1 " that RFC 5424 has
// after it, before a time or "-" for none.
func cutPriority(text []byte) (rest []byte, structured bool) {
	text = withoutPriority(text)
	rest, ok := bytes.CutPrefix(text, []byte("1 "))
	if !ok {
		return text, false
	}
	if _, _, ok = cutISOTime(rest); ok || bytes.HasPrefix(rest, []byte("- ")) {
		return rest, true
	}
	return text, false
}

func withoutPriority(text []byte) []byte {
	if len(text) == 0 || text[0] != '<' {
		return text
	}
	number, _, ok := bytes.Cut(text[1:min(len(text), len("<191>"))], []byte(">"))
	if !ok || !isNumber(number) {
		return text
	}
	return text[len("<>")+len(number):]
}

// cutISOTime cuts off a time in the form of RFC 3339.
func cutISOTime(text []byte) (at stamp, rest []byte, ok bool) {
	const shape = "2006-01-02T15:04:05Z"
	if len(text) < len(shape) || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' {
		return nil, text, false
	}
	token, rest, _ := bytes.Cut(text, []byte(" "))
	return stamp(token), rest, true
}

// cutSyslogTime cuts off a time such as "Nov 25 18:31:20", "Nov  5
// 18:31:20.123456" or "Wed 2026-11-25 18:31:20 UTC".
func cutSyslogTime(text []byte) (at stamp, rest []byte, ok bool) {
	if len(text) < len("Jan _2 15:04:05") || text[3] != ' ' {
		return nil, text, false
	}
	end, fields := 0, 0 // of the date, and after it
	switch {
	case text[6] == ' ' && text[9] == ':' && text[12] == ':':
		end, fields = len("Jan _2 "), 1
	case text[8] == '-' && text[11] == '-' && text[14] == ' ':
		end, fields = len("Mon 2006-01-02 "), 2
	default:
		return nil, text, false
	}
	for range fields {
		length := bytes.IndexByte(text[end:], ' ')
		if length < 0 {
			return nil, text, false
		}
		end += length + 1
	}
	at = stamp(text[:end-1])
	if _, ok = at.time(); !ok {
		return nil, text, false
	}
	return at, text[end:], true
}

// cutSeconds cuts off how the journal writes a time as seconds: those since
// 1970, or in brackets those since the machine was started.
func (l *line) cutSeconds(text []byte) (rest []byte, ok bool) {
	number, monotonic := bytes.CutPrefix(text, []byte("["))
	number = bytes.TrimLeft(number, " ")
	end := 0
	for end < len(number) && (number[end] == '.' || number[end] >= '0' && number[end] <= '9') {
		end++
	}
	seconds, fraction, _ := bytes.Cut(number[:end], []byte("."))
	if !isNumber(seconds) || len(fraction) != len("123456") || !isNumber(fraction) {
		return text, false
	}
	if monotonic {
		if rest, ok = bytes.CutPrefix(number[end:], []byte("] ")); ok {
			l.collected = stamp(text[:len(text)-len(rest)-len(" ")])
		}
		return rest, ok
	}
	if rest, ok = bytes.CutPrefix(number[end:], []byte(" ")); ok {
		l.realtime = number[:end]
	}
	return rest, ok
}

// withoutOutput takes off which output a line of CRI was written to, and
// whether it is whole: "stderr F ".
func withoutOutput(text []byte) []byte {
	for _, output := range []string{"stderr F ", "stdout F ", "stderr P ", "stdout P "} {
		if rest, ok := bytes.CutPrefix(text, []byte(output)); ok {
			return rest
		}
	}
	return text
}

// withoutSender takes off "host program[pid]: ".
func withoutSender(text []byte) []byte {
	host, rest, ok := bytes.Cut(text, []byte(" "))
	if !ok || len(host) == 0 || host[0] == '[' || host[len(host)-1] == ':' {
		return text
	}
	program, rest, _ := bytes.Cut(rest, []byte(" "))
	if len(program) < 2 || program[len(program)-1] != ':' {
		return text
	}
	return rest
}

// cutStructured takes off what RFC 5424 has between the time and the text:
// host, program, process, kind, and data such as [id name="value"].
func cutStructured(text []byte) []byte {
	rest := text
	for range 4 {
		var ok bool
		if _, rest, ok = bytes.Cut(rest, []byte(" ")); !ok {
			return text
		}
	}
	rest = bytes.TrimPrefix(rest, []byte("-"))
	for len(rest) > 0 && rest[0] == '[' {
		end := endOfData(rest)
		if end < 0 {
			return rest
		}
		rest = rest[end:]
	}
	return bytes.TrimPrefix(bytes.TrimPrefix(rest, []byte(" ")), []byte(byteOrderMark))
}

// endOfData is where an element of structured data ends whose values may hold
// brackets; a negative number where it does not.
func endOfData(text []byte) int {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			quoted = !quoted
		case ']':
			if !quoted {
				return i + 1
			}
		}
	}
	return -1
}
