package conf

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

// FuzzRead reads any text as a configuration: nothing may panic, what was read
// must hang together, and not be more than may be added to what is written. That
// is kept small, since text that doubles itself goes up to the limit.
func FuzzRead(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
	for _, c := range growing {
		if text := c.files["httpd.conf"]; len(text) < 1<<10 {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) { checkConfig(t, text) })
}

func TestReadHoldsTogetherForOddTexts(t *testing.T) {
	t.Parallel()
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkConfig(t, text)
		})
	}
}

func checkConfig(t *testing.T, text string) {
	t.Helper()
	file := &File{Name: "/nonexistent/t.conf", Source: text, content: &content{}}
	r := newReader(file, newFiles("/nonexistent"), Options{})
	r.budget.free = 1 << 20
	r.run(file)
	r.check()
	config := r.finish()
	checkSize(t, r, text)
	for d := range config.All() {
		pos, end := d.Pos(), d.End()
		if pos.Offset > end.Offset || end.Offset > len(text) || pos.Line < 1 || pos.Column < 1 {
			t.Fatalf("%s %s: from %v to %v", d.Name, d.Args, pos, end)
		}
		if span, ok := d.WordSpan(0); ok && (span.Start < pos.Offset || span.End > end.Offset || span.Start >= span.End) {
			t.Fatalf("%s %s: first word from %d to %d", d.Name, d.Args, span.Start, span.End)
		}
		for child := range d.Children() {
			if child.Parent != d {
				t.Fatalf("%s is not the parent of its child %s", d.Name, child.Name)
			}
		}
	}
	server, _, _ := config.ServerFor("example.com", 80)
	server.Layers(Request{URI: "/a/b", File: "/srv/a/b"})
}

// checkSize holds what a text became to the limit: its directives, and with all
// that stands around each of them its dump.
func checkSize(t *testing.T, r *reader, text string) {
	t.Helper()
	limit := len(text) + min(r.budget.free+len(text)*growthRatio, maxGrowth)
	expanded := 0
	for d := range r.config.All() {
		expanded += len(d.Name) + len(d.Args)
	}
	if expanded > limit {
		t.Fatalf("%d bytes became %d, more than %d", len(text), expanded, limit)
	}
	var dump countingWriter
	if err := r.config.WriteDump(&dump); err != nil {
		t.Fatal(err)
	}
	if around := 2 * (2*maxNesting + len("#1000000:\n</>\n# In file: /nonexistent/t.conf\n")); int(dump) > limit*around {
		t.Fatalf("the dump of %d bytes has %d, more than %d", len(text), dump, limit*around)
	}
}

type countingWriter int

func (w *countingWriter) Write(p []byte) (int, error) {
	*w += countingWriter(len(p))
	return len(p), nil
}

// TestReadingTakesLinearTime reads texts that are easy to read slowly, once
// and at eight times their size.
func TestReadingTakesLinearTime(t *testing.T) {
	for name, make := range map[string]func(n int) string{
		"lines":              func(n int) string { return strings.Repeat("SetEnv A b\n", n) },
		"one line":           func(n int) string { return "SetEnv A " + strings.Repeat("b ", n) },
		"continued lines":    func(n int) string { return strings.Repeat("SetEnv A \\\n", n) },
		"one continued line": func(n int) string { return "A" + strings.Repeat(" b\\\n", n) },
		"open sections":      func(n int) string { return strings.Repeat("<A b>\n", n) },
		"open conditions":    func(n int) string { return strings.Repeat("<IfDefine !A>\n", n) },
		"false conditions":   func(n int) string { return strings.Repeat("<IfDefine A>\n", n) },
		"closing lines":      func(n int) string { return strings.Repeat("<A>\n</B>\n", n/8) },
		"variables":          func(n int) string { return "Define A b\n" + strings.Repeat("SetEnv A ${A}\n", n) },
		"open braces":        func(n int) string { return "SetEnv A " + strings.Repeat("${", n) },
		"template marks":     func(n int) string { return strings.Repeat("{% {{ %( @A %s", n) },
		"macros":             func(n int) string { return "<Macro M $a>\nSetEnv A $a\n</Macro>\n" + strings.Repeat("Use M x\n", n) },
		"backslashes":        func(n int) string { return strings.Repeat("\\", n) },
		"parameters": func(n int) string {
			return "<Macro M" + numbered(" $%d", n/16) + ">\nSetEnv A b\n</Macro>\nUse M" + numbered(" %d", n/16) + "\n"
		},
		"quoted values": func(n int) string {
			return "<Macro M @a>\n" + strings.Repeat("@a", 4000) + "\n</Macro>\n" + strings.Repeat("Use M \"\"\n", n/100)
		},
		"quotes": func(n int) string { return strings.Repeat("\"a\" ", n) },
	} {
		t.Run(name, func(t *testing.T) {
			small, large := readingTime(t, make(20_000)), readingTime(t, make(160_000))
			if large > 30*small+200*time.Millisecond {
				t.Errorf("%v, and %v for eight times as much", small, large)
			}
		})
	}
}

// readingTime is the processor time, which other work on the machine does not
// add to, of the quickest of three readings.
func readingTime(t *testing.T, text string) time.Duration {
	t.Helper()
	quickest := time.Hour
	for range 3 {
		start := processorTime(t)
		Parse("t", text)
		config := ReadSource("/nonexistent/t.conf", text, Options{Scope: Whole, Static: []string{"mod_env.c", "mod_macro.c"}})
		if config == nil {
			t.Fatal("nothing read")
		}
		quickest = min(quickest, processorTime(t)-start)
	}
	return quickest
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano())
}
