package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/plural"
)

// writeHost prints the facts for a person: what was found in aligned lines,
// where it was looked for when asked, and the verdict last.
func writeHost(out io.Writer, host detect.Host, colours palette) {
	rows := [][3]string{}
	for _, row := range hostRows(host) {
		rows = append(rows, [3]string{row.label, row.place, strings.Join(row.facts, ", ")})
	}
	writeAligned(out, rows)
	if len(host.Looked) > 0 {
		writeLooked(out, host.Looked)
	}
	fmt.Fprintln(out)
	writeVerdict(out, host.Problems, colours)
}

// A hostRow is one line of the report: what it is, where, and what of it.
type hostRow struct {
	label, place string
	facts        []string
}

func hostRows(host detect.Host) []hostRow {
	rows := []hostRow{systemRow(host.System)}
	if host.Apache == nil {
		rows = append(rows, hostRow{"Apache", "none", nil})
	} else {
		rows = append(rows, apacheRows(*host.Apache)...)
	}
	for _, other := range host.Others {
		rows = append(rows, hostRow{"", other.Path, []string{other.Version, string(other.Layout) + " layout", "not the one in use"}})
	}
	rows = append(rows, pythonRow(host.Python), virtualenvRow(host.Virtualenv))
	rows = append(rows, keptRows(host)...)
	rows = append(rows, moduleRows(host)...)
	if host.Python != nil {
		fitting := "no mod_wsgi series fits"
		if len(host.Series) > 0 {
			fitting = "mod_wsgi " + strings.Join(host.Series, ", ")
		}
		rows = append(rows, hostRow{"Fitting", fitting, nil})
	}
	return rows
}

func systemRow(s detect.System) hostRow {
	row := hostRow{label: "System", place: strings.TrimSpace(s.Distribution + " " + s.DistributionVersion)}
	if s.Distribution == "" {
		row.place = s.OS
	}
	if s.LibC != "" {
		row.facts = append(row.facts, s.LibC)
	}
	if s.SELinux != "" {
		row.facts = append(row.facts, "SELinux "+s.SELinux)
	}
	return row
}

func apacheRows(a detect.Apache) []hostRow {
	facts := []string{a.Version}
	if a.MPM != "" {
		facts = append(facts, a.MPM+" MPM")
	}
	facts = append(facts, string(a.Layout)+" layout")
	if a.PID != 0 {
		facts = append(facts, fmt.Sprintf("runs as %d", a.PID))
	} else {
		facts = append(facts, "does not run")
	}
	rows := []hostRow{{"Apache", a.Path, facts}}
	if a.User != "" {
		rows = append(rows, hostRow{"", a.ConfigFile, []string{"user " + a.User, "group " + a.Group}})
	} else {
		rows = append(rows, hostRow{"", a.ConfigFile, []string{"names no user"}})
	}
	switch h := a.Headers; {
	case h == nil:
		rows = append(rows, hostRow{"Headers", "none", nil})
	case h.Belongs:
		rows = append(rows, hostRow{"Headers", h.APXS, []string{"belongs to this Apache"}})
	default:
		rows = append(rows, hostRow{"Headers", h.APXS, []string{"belongs to another Apache"}})
	}
	return rows
}

func pythonRow(p *detect.Python) hostRow {
	if p == nil {
		return hostRow{"Python", "none", nil}
	}
	facts := []string{p.Version}
	if p.Implementation != "cpython" {
		facts[0] = p.Implementation + " " + p.Version
	}
	if p.FreeThreaded {
		facts = append(facts, "free-threaded")
	}
	if p.Debug {
		facts = append(facts, "debug build")
	}
	switch {
	case p.Libpython != "":
		facts = append(facts, "shared libpython")
	case !p.Shared:
		facts = append(facts, "static libpython")
	}
	if p.Header {
		facts = append(facts, "headers")
	}
	if p.BasePrefix != p.Prefix {
		facts = append(facts, "of "+p.BasePrefix)
	}
	return hostRow{"Python", p.Path, facts}
}

func virtualenvRow(v *detect.Virtualenv) hostRow {
	if v == nil {
		return hostRow{"Virtualenv", "none", nil}
	}
	facts := []string{v.Kind}
	if v.Version != "" {
		facts = append(facts, "Python "+v.Version)
	}
	if v.Pip != "" {
		facts = append(facts, "pip "+v.Pip)
	} else {
		facts = append(facts, "no pip")
	}
	if !v.Writable {
		facts = append(facts, "not writable")
	}
	if v.Foreign() {
		facts = append(facts, "others can change it ("+v.OthersCanChange+")")
	}
	return hostRow{"Virtualenv", v.Path, facts}
}

// keptRows tell root where it keeps the module for a virtualenv of others, and
// how it gets there.
func keptRows(host detect.Host) []hostRow {
	v := host.Virtualenv
	if v == nil || !v.Foreign() || host.Python == nil {
		return nil
	}
	kept, err := installer.FindKept(installer.KeptFolder(), *host.Python)
	if err != nil || len(kept) == 0 {
		return []hostRow{{"Kept", "none", []string{"wsgictl install-module --venv " + detect.ShellArgument(v.Path) + " builds root's own module, kept in " + installer.KeptFolder()}}}
	}
	var rows []hostRow
	for _, k := range kept {
		rows = append(rows, hostRow{"", k.Module.Path, []string{"mod_wsgi " + k.Release.String(), "Python " + k.Module.Python, "root's own for this virtualenv"}})
	}
	rows[0].label = "Kept"
	return rows
}

func moduleRows(host detect.Host) []hostRow {
	if len(host.Modules) == 0 {
		return []hostRow{{"Module", "none", nil}}
	}
	var rows []hostRow
	for _, m := range host.Modules {
		release := m.Release
		if release == "" {
			release = "unknown"
		}
		facts := []string{"mod_wsgi " + release, "Python " + m.Python}
		if m.Libpython == "" {
			facts = append(facts, "static libpython")
		}
		if m.Beside != "" {
			facts = append(facts, "mod_wsgictl beside it")
		}
		if line := loadedBy(host.Apache, m.Path); line != "" {
			facts = append(facts, "loaded by "+line)
		}
		rows = append(rows, hostRow{"", m.Path, facts})
	}
	rows[0].label = "Module"
	return rows
}

// loadedBy names the LoadModule line of Apache's configuration for a module.
func loadedBy(a *detect.Apache, path string) string {
	if a == nil {
		return ""
	}
	for _, line := range a.Loaded {
		if line.Path == path {
			return fmt.Sprintf("%s:%d", line.File, line.Line)
		}
	}
	return ""
}

func writeLooked(out io.Writer, looked []detect.Look) {
	fmt.Fprintln(out, "\nLooked at:")
	rows := [][3]string{}
	for _, look := range looked {
		rows = append(rows, [3]string{"  " + look.Subject, look.Place, look.Found})
	}
	writeAligned(out, rows)
}

// writeAligned prints rows of three columns. Where the third one of a row has
// no place beside the others, it stands below the second.
func writeAligned(out io.Writer, rows [][3]string) {
	var width [2]int
	for _, row := range rows {
		width[0] = max(width[0], visible(row[0]))
	}
	for _, row := range rows {
		if width[0]+visible(row[1])+visible(row[2])+len("    ") <= reportWidth {
			width[1] = max(width[1], visible(row[1]))
		}
	}
	for _, row := range rows {
		head := fmt.Sprintf("%-*s  %-*s  ", width[0], row[0], width[1], row[1])
		if visible(head)+visible(row[2]) > reportWidth {
			fmt.Fprintln(out, strings.TrimRight(head, " "))
			head = strings.Repeat(" ", width[0]+len("    "))
		}
		writeHanging(out, head, visible(head), row[2])
	}
}

func writeVerdict(out io.Writer, problems []detect.Problem, colours palette) {
	errors := 0
	for _, p := range problems {
		severity := colours.yellow(p.Severity)
		if p.Severity == detect.Error {
			errors++
			severity = colours.red(p.Severity)
		}
		writeHanging(out, fmt.Sprintf("%s %s: ", severity, colours.bold(p.ID)), 8, p.Cause)
		writeHanging(out, "  so:   ", 8, p.Consequence)
		fmt.Fprintf(out, "  fix:  %s\n", colours.bold(p.Remedy)) // in one line, to be copied
	}
	if len(problems) == 0 {
		fmt.Fprintln(out, colours.green("No problems found."))
		return
	}
	counts := []string{}
	if errors > 0 {
		counts = append(counts, plural.Count(errors, "error"))
	}
	if warnings := len(problems) - errors; warnings > 0 {
		counts = append(counts, plural.Count(warnings, "warning"))
	}
	fmt.Fprintf(out, "\n%s.\n", strings.Join(counts, ", "))
}
