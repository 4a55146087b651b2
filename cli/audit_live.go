package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/audit/subject"
	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/jsonreport"
	"github.com/wsgictl/wsgictl/plural"
	"github.com/wsgictl/wsgictl/wsgi"
)

// liveReport is what "audit --live --format json" prints.
type liveReport struct {
	Version       int                 `json:"version"`
	Server        *detect.Live        `json:"server"`
	Disagreements []wsgi.Disagreement `json:"disagreements"`
}

// runLive compares the running server with its files.
func (c auditCommand) runLive(ctx context.Context, s *streams, settings auditSettings, about subject.Subject) error {
	views, err := about.Look(ctx)
	if err != nil {
		return err
	}
	if len(views) != 1 || c.Root != "" {
		return usageError{errors.New("--live looks at one server of this host: name its main configuration file or server root, or nothing")}
	}
	live, err := detect.LookLiveOf(views[0].Config, views[0].Host)
	if err != nil {
		return err
	}
	found := views[0].Disagreements(live, views[0].ModifiedTimes())
	if c.Format == "json" {
		err = jsonreport.Write(s.data, liveReport{1, live, found})
	} else {
		err = writeLive(s.stdout, live, found, paletteFor(s.stdout))
	}
	if err == nil && len(found) > 0 && !settings.ExitZero {
		return errFindings
	}
	return err
}

// besideOf says whether the server has mod_wsgictl; where its processes cannot be
// looked into, nobody knows.
func besideOf(live *detect.Live) string {
	known := false
	for _, p := range live.Children {
		if p.Beside != "" {
			return "mod_wsgictl: " + p.Beside
		}
		known = known || p.Known
	}
	if !known {
		return "mod_wsgictl: not known, since its processes may not be looked into"
	}
	return "mod_wsgictl: not loaded; " + installer.WithoutBeside
}

// writeLive prints the processes and where they differ from the files; the
// verdict last.
func writeLive(out io.Writer, live *detect.Live, found []wsgi.Disagreement, colours palette) error {
	var b strings.Builder
	groups := map[string]int{}
	var order []string
	for _, p := range live.Children {
		name := p.GroupName()
		if groups[name] == 0 {
			order = append(order, name)
		}
		groups[name]++
	}
	fmt.Fprintf(&b, "Apache %d, since %s\n", live.PID, live.Started.Format(time.DateTime))
	for _, name := range order {
		label := "of Apache, or of groups without display-name"
		if name != "" {
			label = "of the daemon process group " + name
		}
		fmt.Fprintf(&b, "  %s %s\n", plural.Count(groups[name], "process"), label)
	}
	fmt.Fprintf(&b, "  %s\n\n", besideOf(live))
	for _, d := range found {
		fmt.Fprintf(&b, "%s: %s\n", colours.yellow(d.Name), d.Message)
		writeLabelled(&b, "remedy", d.Remedy)
	}
	if len(found) == 0 {
		b.WriteString(colours.green("The running server is what its files say") + ".\n")
	} else {
		fmt.Fprintf(&b, "\n%s between the running server and its files.\n", colours.bold(plural.Count(len(found), "disagreement")))
	}
	_, err := io.WriteString(out, b.String())
	return err
}
