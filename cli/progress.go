package cli

import (
	"fmt"
	"io"
	"sync"

	"github.com/schollz/progressbar/v3"

	"github.com/wsgictl/wsgictl/installer"
)

// newProgress shows the steps of a build: as a bar on a terminal, as lines
// elsewhere. done ends the bar, which moves the cursor and so goes past the
// printer.
func newProgress(w io.Writer) (report func(installer.Step), done func()) {
	screen, ok := w.(*printer)
	if !ok || !screen.terminal {
		var lines sync.Mutex // steps end in several goroutines
		return func(step installer.Step) {
			lines.Lock()
			defer lines.Unlock()
			fmt.Fprintf(w, "[%d/%d] %s\n", step.Done, step.Total, step.What)
		}, func() {}
	}
	bar := progressbar.NewOptions(0,
		progressbar.OptionSetWriter(screen.out),
		progressbar.OptionSetWidth(30),
		progressbar.OptionShowCount(),
		progressbar.OptionClearOnFinish(),
	)
	return func(step installer.Step) {
			// The bar is a comfort: a terminal that cannot show it stops no build.
			bar.ChangeMax(step.Total)
			bar.Describe(printable(step.What))
			_ = bar.Set(step.Done)
		}, func() {
			if bar.GetMax() > 0 { // else nothing was shown
				_ = bar.Finish()
			}
		}
}
