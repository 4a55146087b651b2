package wsgi

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
	"github.com/wsgictl/wsgictl/trust"
)

// A ScriptFault is why requests for a script get an error, as the files of the host
// tell. Apache's own process goes to the file of an alias before anything is asked of
// mod_wsgi (ap_directory_walk); the process that runs the application loads it.
type ScriptFault struct {
	Script string
	Lacks  string // the file or folder that is not there; empty where the script is
	Link   string // the link that leads nowhere; empty for none
	// Barred is what the processes may not pass: those of Apache first.
	Barred []BarredProcess

	Status int    // of the answer; 0 where access is denied before
	Code   string // in the error log, where there is one

	accounts trust.Accounts
}

// String is the sentence for people.
func (f *ScriptFault) String() string {
	text := f.LackText()
	if len(f.Barred) > 0 {
		text = f.BarredText()
	}
	return fmt.Sprintf("%s: Apache answers %s", text, f.status())
}

// status is that of the answer, and the code in the error log where there is one.
func (f *ScriptFault) status() string {
	if f.Code == "" {
		return strconv.Itoa(f.Status)
	}
	return fmt.Sprintf("%d (%s)", f.Status, f.Code)
}

// Answer tells what requests to the application get.
func (f *ScriptFault) Answer(a *Application) string {
	return fmt.Sprintf("requests to %s get %s", a.Name(), f.status())
}

// LackText tells what is not there.
func (f *ScriptFault) LackText() string {
	switch {
	case f.Link != "":
		return fmt.Sprintf("the link %s leads nowhere (%s is not there)", f.Link, f.Lacks)
	case path.Dir(f.Lacks) == path.Dir(path.Clean(f.Script)):
		return "there is no script " + f.Script
	}
	return fmt.Sprintf("there is no script %s (%s is not there)", f.Script, f.Lacks)
}

// BarredText tells whose processes are kept out first, and by what.
func (f *ScriptFault) BarredText() string {
	barred := f.Barred[0]
	who, verb, first := "Apache", "enter", barred.Barriers[0]
	if barred.Group != nil {
		who = "the process group " + barred.Group.Name
	}
	if !first.IsFolder {
		verb = "read"
	}
	return fmt.Sprintf("%s, the account of %s, may not %s %s (%s %s:%s)",
		barred.Account, who, verb, first.At, first.Mode, f.accounts.ByUID(first.UID), strings.TrimPrefix(f.accounts.GroupName(first.GID), "group "))
}

// A BarredProcess is what keeps the processes of an account from a script.
type BarredProcess struct {
	Account  trust.Account
	Group    *Daemon // nil for Apache's own processes
	Barriers []hostfiles.Barrier
}

// ScriptFaults are the faults of the scripts of all applications that have one; none
// where the files of the host are not at hand.
func (v *View) ScriptFaults() map[*Application]*ScriptFault { return v.scriptFaults() }

func (v *View) findScriptFaults() map[*Application]*ScriptFault {
	found, scripts := make([]*ScriptFault, len(v.Applications)), v.scripts()
	sideBySide(len(found), func(i int) {
		file, walked := scriptOf(v.Applications[i])
		found[i] = scripts.faultOf(v.Applications[i], file, walked)
	})
	faults := map[*Application]*ScriptFault{}
	for i, fault := range found {
		if fault != nil {
			faults[v.Applications[i]] = fault
		}
	}
	return faults
}

// scripts looks for faults of scripts, where the files of the host are at hand. What
// the caller may not look at is no fault.
type scripts struct {
	view     *View
	accounts accounts
}

// scripts is nil where the files of the host are not at hand.
func (v *View) scripts() *scripts {
	if v.Rights == nil {
		return nil
	}
	return &scripts{view: v, accounts: newAccounts(v)}
}

// faultOf is what is wrong with a script; walked tells that Apache itself goes to it.
func (s *scripts) faultOf(a *Application, script string, walked bool) *ScriptFault {
	if s == nil || !path.IsAbs(script) || strings.ContainsAny(script, "*$\\") || conf.HasMark(script) {
		return nil
	}
	fault, route := s.lookFor(script)
	if walked {
		s.walk(&fault, route)
	}
	if walked && fault.Status == 0 && fault.Lacks != "" && a.Settings().DeniedBy() == nil {
		fault.Status, fault.Code = http.StatusNotFound, "WSGI0135"
	}
	s.load(&fault, route, a)
	if fault.Lacks == "" && len(fault.Barred) == 0 {
		return nil
	}
	return new(fault)
}

// lookFor tells whether a file is there, and the way to it.
func (s *scripts) lookFor(script string) (ScriptFault, hostfiles.Route) {
	fault, route := ScriptFault{Script: script, accounts: s.accounts.known}, s.view.Rights.Route(script)
	if fault.Lacks = route.Lacks; route.Dangles {
		fault.Link = route.Link
	}
	return fault, route
}

// missingScript is what a request gets whose script is not there: 404, unless Apache
// itself does not come as far as that.
func (v *View) missingScript(script string) request.Refusal {
	if scripts := v.scripts(); scripts != nil {
		fault, route := scripts.lookFor(script)
		if scripts.walk(&fault, route); fault.Status != 0 {
			return request.Refusal{Status: fault.Status, Reason: &fault}
		}
	}
	return noScript.refusal()
}

// scriptOf is the file that is to be there. Apache itself goes to that of an alias, and
// not to that of a handler.
func scriptOf(a *Application) (script string, walked bool) {
	switch {
	case a.Alias != nil && !strings.Contains(a.Alias.Target, "$"):
		return a.Alias.Target, true
	case a.Via.Is("WSGIHandlerScript"):
		return a.Via.Word(1), false
	}
	return "", false
}

// withFault is the answer, or that no application gives one since its script cannot be
// served.
func (v *View) withFault(answer Answer) Answer {
	a := answer.Application
	if a == nil || a.Mode != DaemonMode && a.Mode != Embedded {
		return answer
	}
	script, walked := scriptOf(a)
	if a.Alias != nil || script == "" {
		script, walked = a.Script, true
	}
	if fault := v.scripts().faultOf(a, script, walked); fault != nil && fault.Status != 0 {
		answer.Application, answer.Reason, answer.Status = nil, fault, fault.Status
	}
	return answer
}

// walk is what Apache's own process meets: of the file itself it needs nothing but that
// it is there.
func (s *scripts) walk(fault *ScriptFault, route hostfiles.Route) {
	if apache := s.accounts.apache; apache != nil {
		barriers := route.Barriers(*apache, 0)
		s.bar(fault, *apache, nil, barriers)
		if len(barriers) > 0 {
			fault.Status, fault.Code = http.StatusForbidden, "AH00035 or AH00529"
			if route.Link != "" {
				fault.Code = linkRefused
			}
			return
		}
	}
	if fault.Link != "" {
		fault.Status, fault.Code = http.StatusForbidden, linkRefused
	}
}

// linkRefused is what httpd says of a link whose target it may not look at.
const linkRefused = "AH00037"

// load is what the process meets that is to run the application, unless another folder
// is its root.
func (s *scripts) load(fault *ScriptFault, route hostfiles.Route, a *Application) {
	if a.Daemon != nil {
		if _, chroot := a.Daemon.Options.Get("chroot"); chroot {
			return
		}
	}
	if account := s.loading(a); account != nil {
		s.bar(fault, *account, a.Daemon, route.Barriers(*account, hostfiles.ToRead))
	}
	if fault.Status == 0 && (len(fault.Barred) > 0 || fault.Lacks != "") && a.Settings().DeniedBy() == nil {
		fault.Status = http.StatusInternalServerError
	}
}

// loading is the account of the process that loads the script of an application; nil
// where it is not known, and for a folder of scripts.
func (s *scripts) loading(a *Application) *trust.Account {
	switch {
	case a.Settings().Request.Folder && a.Alias != nil:
		return nil
	case a.Mode == Embedded:
		return s.accounts.apache
	case a.Mode == DaemonMode:
		return s.accounts.ofDaemon(a.Daemon)
	}
	return nil
}

// bar adds what is in the way of processes, but for what is in that of the same account
// before.
func (s *scripts) bar(fault *ScriptFault, who trust.Account, group *Daemon, barriers []hostfiles.Barrier) {
	for _, known := range fault.Barred {
		if known.Account.UID == who.UID {
			barriers = slices.DeleteFunc(barriers, func(b hostfiles.Barrier) bool { return slices.Contains(known.Barriers, b) })
		}
	}
	if len(barriers) > 0 {
		fault.Barred = append(fault.Barred, BarredProcess{who, group, barriers})
	}
}
