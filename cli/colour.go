package cli

import (
	"crypto/rand"
	"io"
	"os"
	"sync"
)

// A palette colours words of a report for people; the zero palette leaves
// them as they are.
type palette struct{ on bool }

// paletteFor gives colours only where a person looks: on a terminal, and not
// against NO_COLOR (https://no-color.org).
func paletteFor(out io.Writer) palette {
	screen, ok := out.(*printer)
	return palette{ok && screen.terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

func (p palette) bold(text string) string   { return p.paint("1", text) }
func (p palette) red(text string) string    { return p.paint("31", text) }
func (p palette) green(text string) string  { return p.paint("32", text) }
func (p palette) yellow(text string) string { return p.paint("33", text) }

func (p palette) paint(code, text string) string {
	if !p.on {
		return text
	}
	return colourMark() + code + "m" + text + colourMark() + "0m"
}

// colourMark stands for the beginning of a colour's sequence until a printer
// writes it. Nobody can guess it, so that no text of others brings a colour.
var colourMark = sync.OnceValue(func() string { return "\x1b" + rand.Text() + "[" })
