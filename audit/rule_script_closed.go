package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/wsgi"
)

var scriptClosed = &Rule{
	ID: "WC229", Name: "script-closed", Severity: Error, Category: CategoryAccess, Since: unreleased, LooksAtHost: true,
	Summary: "the account of Apache or of a process group may not go to a script, or not read it",
	Why: "Apache's own process, the account of User and Group, goes to the script of each request, so that it must be allowed to enter each " +
		"folder on the way (x): otherwise clients get 403 (AH00035, AH00529, by a link AH00037). The process that runs the application " +
		"must be allowed to do so, too, and to read the file (r): otherwise they get 500. In daemon mode that is the account of user= and " +
		"group=, without group= with the group of Apache. Mostly the project lies in a home folder, which is closed to others. It is told " +
		"of a whole server whose files are at hand.",
	Remedy: "Let the account enter each folder on the way, and read the script; or move the project to where it may, such as below /srv.",
	Link:   issuesGuide,
	Check:  checkScriptClosed,
}

func checkScriptClosed(p *Pass) {
	faults := p.ScriptFaults()
	for _, a := range p.Applications {
		fault := faults[a]
		if fault == nil || len(fault.Barred) == 0 {
			continue
		}
		message := fault.BarredText()
		if fault.Status != 0 {
			message += ": " + fault.Answer(a)
		}
		p.Report(a.Via, Finding{Message: message, Help: letIn(fault.Barred)})
	}
}

// letIn are the commands that let all processes in.
func letIn(barred []wsgi.BarredProcess) string {
	var commands, alone []string
	rootsHome := false
	for _, process := range barred {
		for _, barrier := range process.Barriers {
			rootsHome = rootsHome || barrier.At == "/root"
			alone = append(alone, listFor(process.Account, barrier))
			if command := commandFor(process.Account, barrier); !slices.Contains(commands, command) {
				commands = append(commands, command)
			}
		}
	}
	help := strings.Join(commands, " && ")
	switch {
	case rootsHome:
		return "Move it out of root's home, such as to /srv; only if that cannot be, run: " + help
	case len(alone) == 1 && alone[0] != help:
		return fmt.Sprintf("Run: %s; or, for that account alone: %s", help, alone[0])
	}
	return "Run: " + help
}

// commandFor lets an account do what it may not, by the class of the mode that decides.
func commandFor(who trust.Account, b hostfiles.Barrier) string {
	if b.Class == 0 {
		return listFor(who, b)
	}
	return fmt.Sprintf("chmod %c+%s %s", b.Class, letters(b.Lacking), detect.ShellArgument(b.At))
}

// listFor does so by an access control list.
func listFor(who trust.Account, b hostfiles.Barrier) string {
	return fmt.Sprintf("setfacl -m u:%s:%s %s", cmp.Or(who.Name, strconv.Itoa(who.UID)), letters(b.Lacking), detect.ShellArgument(b.At))
}

func letters(lacking hostfiles.Permission) string {
	text := ""
	if lacking&hostfiles.ToRead != 0 {
		text = "r"
	}
	if lacking&hostfiles.ToEnter != 0 {
		text += "x"
	}
	return text
}
