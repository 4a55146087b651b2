package main

import (
	"io"
	"os"

	"golang.org/x/term"
)

// A palette colours words of a report for people; the zero palette leaves
// them as they are.
type palette struct{ on bool }

// paletteFor gives colours only where a person looks: on a terminal, and not
// against NO_COLOR (https://no-color.org).
func paletteFor(out io.Writer) palette {
	file, ok := out.(*os.File)
	return palette{ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(file.Fd()))}
}

func (p palette) bold(text string) string   { return p.paint("1", text) }
func (p palette) red(text string) string    { return p.paint("31", text) }
func (p palette) green(text string) string  { return p.paint("32", text) }
func (p palette) yellow(text string) string { return p.paint("33", text) }

func (p palette) paint(code, text string) string {
	if !p.on {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
