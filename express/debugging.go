package express

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/wsgictl/wsgictl/detect"
)

// debugFolders are those that debug mode writes to; empty for off.
type debugFolders struct{ recordings, coverage, profiles string }

func settleDebugging(o Debugging, root serverRoot, caller Caller) debugFolders {
	folder := func(enabled bool, named, otherwise string) string {
		if !enabled {
			return ""
		}
		return cmp.Or(caller.abs(named), root.in(otherwise))
	}
	return debugFolders{
		recordings: folder(o.EnableRecorder, o.RecorderDirectory, "archive"),
		coverage:   folder(o.EnableCoverage, o.CoverageDirectory, "htmlcov"),
		profiles:   folder(o.EnableProfiler, o.ProfilerDirectory, "pstats"),
	}
}

// folders are those to be made.
func (d debugFolders) folders() []Folder {
	var made []Folder
	for _, path := range []string{d.recordings, d.coverage, d.profiles} {
		if path != "" {
			made = append(made, Folder{path, 0o700, true})
		}
	}
	return made
}

// checkCoverage refuses to measure without the package for it.
func (d debugFolders) checkCoverage(ctx context.Context, place workplace) (notes, error) {
	if d.coverage == "" {
		return nil, nil
	}
	program := "import sys; sys.path[:0] = sys.argv[1:]; import coverage, json; print(json.dumps(coverage.Coverage.__name__))"
	var name string
	words := append([]string{"-c", program, place.dir}, place.paths...)
	err := place.ask(ctx, place.dir, nil, &name, words...)
	var notStarted *notStarted
	if errors.As(err, &notStarted) {
		return note("--enable-coverage needs the package coverage, and whether it is there was not looked at: %v.", err), nil
	}
	if err != nil {
		return nil, fmt.Errorf("--enable-coverage needs the package coverage: %s -m pip install coverage\n%w", detect.ShellArgument(place.python.program), err)
	}
	return nil, nil
}
