package express

import (
	"context"
	"errors"
	"fmt"

	"github.com/wsgictl/wsgictl/detect"
)

func (p *planner) settleDebugging() {
	o := p.command.Options
	for _, place := range []struct {
		enabled  bool
		named    string
		fallback string
		path     *string
	}{
		{o.EnableRecorder, o.RecorderDirectory, "archive", &p.recordings},
		{o.EnableCoverage, o.CoverageDirectory, "htmlcov", &p.coverage},
		{o.EnableProfiler, o.ProfilerDirectory, "pstats", &p.profiles},
	} {
		if !place.enabled {
			continue
		}
		if *place.path = p.caller.abs(place.named); *place.path == "" {
			*place.path = p.in(place.fallback)
		}
		p.setup.Folders = append(p.setup.Folders, Folder{*place.path, 0o700, true})
	}
}

// checkCoverage refuses to measure without the package for it.
func (p *planner) checkCoverage(ctx context.Context) error {
	if p.coverage == "" {
		return nil
	}
	program := "import sys; sys.path[:0] = sys.argv[1:]; import coverage, json; print(json.dumps(coverage.Coverage.__name__))"
	var name string
	words := append([]string{"-c", program, p.workingDir}, p.command.PythonPaths...)
	err := p.askPython(ctx, p.workingDir, nil, &name, words...)
	var notStarted *notStarted
	if errors.As(err, &notStarted) {
		p.note("--enable-coverage needs the package coverage, and whether it is there was not looked at: %v.", err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("--enable-coverage needs the package coverage: %s -m pip install coverage\n%w", detect.ShellArgument(p.software.python), err)
	}
	return nil
}
