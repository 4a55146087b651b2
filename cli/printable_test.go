package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// what others may write, and what a terminal gets of it.
var printed = []struct{ name, text, want string }{
	{"plain", "shop é … 漢\t2\n", "shop é … 漢\t2\n"},
	{"the title of the window", "a\x1b]0;obeyed\ab", `a\x1b]0;obeyed\ab`},
	{"C0 and DEL", "\x00\b\v\f\x7f", `\x00\b\v\f\x7f`},
	{"a colour of others", "\x1b[31mred", `\x1b[31mred`},
	{"C1 as a character", "\u009b31m\u0085", `\u009b31m\u0085`},
	{"C1 as a byte", "\x9b31m", `\x9b31m`},
	{"no UTF-8", "caf\xe9 \xc0\x9b \xed\xa0\x80", `caf\xe9 \xc0\x9b \xed\xa0\x80`},
	{"half a character", "caf\xc3", `caf\xc3`},
	{"the character for what is no UTF-8", "\uFFFD", "\uFFFD"},
	{"text from right to left", "a\u202egpj.exe\u2066\u200f", `a\u202egpj.exe\u2066\u200f`},
	{"lines that are none", "a\u2028b\u2029c", `a\u2028b\u2029c`},
	{"what nobody sees", "sh\u200bop\ufeff\U000e0041", `sh\u200bop\ufeff\U000e0041`},
	{"lines of Windows", "a\r\nb\r\n", "a\nb\n"},
	{"back to the beginning of the line", "good\rbad\r", `good\rbad\r`},
	{"both", "a\r\r\nb", `a\r` + "\nb"},
}

func TestPrinterWritesWhatSteersATerminalAsEscapes(t *testing.T) {
	t.Parallel()
	for _, test := range printed {
		if got := printable(test.text); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// A buffer that is full is written wherever its text is.
func TestPrinterTakesTextInPieces(t *testing.T) {
	t.Parallel()
	colours := palette{true}
	for _, test := range printed {
		text, want := test.text+colours.red("painted")+test.text, test.want+"\x1b[31mpainted\x1b[0m"+test.want
		for size := 1; size <= len(text); size++ {
			var out bytes.Buffer
			p := &printer{out: &out, terminal: true}
			for at := 0; at < len(text); at += size {
				if _, err := p.Write([]byte(text[at:min(at+size, len(text))])); err != nil {
					t.Fatal(err)
				}
			}
			if err := p.Flush(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, out.String()); diff != "" {
				t.Fatalf("%s, in pieces of %d bytes (-want +got):\n%s", test.name, size, diff)
			}
		}
	}
}

// What can be written is written at once: a question waits for its answer.
func TestPrinterKeepsNothingBack(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := &printer{out: &out}
	if _, err := p.Write([]byte("Go on? [y/N] ")); err != nil || out.String() != "Go on? [y/N] " {
		t.Errorf("%v, %q", err, &out)
	}
}

// No text of others has a colour, whatever the colours of wsgictl look like.
func TestColoursOfOthersArePrinted(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	p := &printer{out: &out, terminal: true}
	others := strings.ReplaceAll(colourMark(), colourMark()[1:9], "AAAAAAAA") + "31m"
	if _, err := p.Write([]byte(others + palette{true}.green("\x1b[31m"+others))); err != nil {
		t.Fatal(err)
	}
	seen := strings.Replace(out.String(), "\x1b[32m", "", 1)
	if seen = strings.Replace(seen, "\x1b[0m", "", 1); strings.Contains(seen, "\x1b") {
		t.Errorf("%q", out.String())
	}
}

func TestVisibleCountsWhatIsPrinted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"shop": 4, "é…": 2, palette{true}.red("shop") + " a": 6, "a\x1bb": 6, "\x9b": 4,
	} {
		if got := visible(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

// An excerpt is cut between characters, and what is no text has none.
func TestExcerptIsCutBetweenCharacters(t *testing.T) {
	t.Parallel()
	for _, line := range []string{strings.Repeat("é", 100), strings.Repeat("\x80", 200), strings.Repeat("漢", 80), strings.Repeat("a\xf0\x9f\x98\x80", 60)} {
		for start := range line {
			cut, from, to := shortened(line, start, start+1)
			if from < 0 || from > to || to > len(cut) {
				t.Fatalf("%q at %d: %q from %d to %d", line, start, cut, from, to)
			}
			if !strings.HasPrefix(line, "\x80") && strings.Contains(printable(cut), `\x`) {
				t.Fatalf("%q at %d: %q", line, start, cut)
			}
		}
	}
}
