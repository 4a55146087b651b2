package detect

import (
	"errors"
	"fmt"

	"github.com/wsgictl/wsgictl/trust"
)

// CheckBasePython refuses, to root, a Python that somebody else could change than
// those who are trusted, and says how a virtualenv gets another one. The
// virtualenv may be nil. Others than root are not refused anything.
func CheckBasePython(p Python, v *Virtualenv, trusted trust.Trustees) error {
	err := p.CheckTrusted(trusted)
	untrusted := (*trust.Untrusted)(nil)
	if !errors.As(err, &untrusted) {
		return err
	}
	return fmt.Errorf("the base Python %s: %s: %s; %s", p.Interpreter, untrusted.Where(), becomesRoot, otherBasePython(v, err))
}

const becomesRoot = "Apache loads its library as root, and whoever can change it becomes root"

// otherBasePython are the remedies: a Python that root alone can change, and the
// risk taken by name.
func otherBasePython(v *Virtualenv, err error) string {
	remedy := "use a Python that root alone can change"
	if v != nil {
		remedy = "make the virtualenv with a Python that root alone can change, and install its packages again: " + v.makeAsOwner()
	}
	return remedy + trust.AtOwnRisk(err)
}

// makeAsOwner is the command that makes the virtualenv anew, as whoever owns it,
// with the system's Python.
func (v Virtualenv) makeAsOwner() string {
	const system = "/usr/bin/python3"
	command := v.makeAgain(system)
	if v.Kind == "conda" { // which brings a Python of its own
		command = system + " -m venv --clear " + ShellArgument(v.Path)
	}
	way, _ := trust.Look(v.Path) // what is not there is nobody's
	owner, foreign, err := way.Owner()
	if !foreign || err != nil {
		return command
	}
	if owner.Name == "" { // which runuser needs
		return command + " (as " + owner.String() + ")"
	}
	return "runuser -u " + owner.Name + " -- " + command
}

// pythonOfOthers is a Python that root does not build for.
func pythonOfOthers(e *evidence) []Problem {
	if e.Python == nil || e.Python.OthersCanChange == "" {
		return nil
	}
	return one(fmt.Sprintf("others than root can change the base Python %s (%s)", e.Python.Interpreter, e.Python.OthersCanChange),
		"root does not build mod_wsgi for it: "+becomesRoot,
		otherBasePython(e.Virtualenv, e.Python.CheckTrusted(trust.Deciders())))
}
