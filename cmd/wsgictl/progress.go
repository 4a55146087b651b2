package main

import (
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/wsgictl/wsgictl/installer"
)

// newProgress shows the steps of a build: as a bar on a terminal, as lines
// elsewhere. done ends the bar.
func newProgress(w io.Writer) (report func(installer.Step), done func()) {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		var lines sync.Mutex // steps end in several goroutines
		return func(step installer.Step) {
			lines.Lock()
			defer lines.Unlock()
			fmt.Fprintf(w, "[%d/%d] %s\n", step.Done, step.Total, step.What)
		}, func() {}
	}
	bar := progressbar.NewOptions(0,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetWidth(30),
		progressbar.OptionShowCount(),
		progressbar.OptionClearOnFinish(),
	)
	return func(step installer.Step) {
			// The bar is a comfort: a terminal that cannot show it stops no build.
			bar.ChangeMax(step.Total)
			bar.Describe(step.What)
			_ = bar.Set(step.Done)
		}, func() {
			if bar.GetMax() > 0 { // else nothing was shown
				_ = bar.Finish()
			}
		}
}
