package audit

// isUsed tells whether anything may run in a group: an application, also one
// that is refused there, a script that is imported into it, or whatever a
// request chooses.
func (v *View) isUsed(group *Daemon) bool {
	for _, a := range v.Applications {
		if a.ProcessGroup == group.Name || a.Mode == Dynamic {
			return true
		}
	}
	for _, script := range v.Imports {
		if name, _ := script.Options.Get("process-group"); name == group.Name {
			return true
		}
	}
	return false
}

// isShared tells whether a group has applications of more than one script.
func (v *View) isShared(group *Daemon) bool {
	script := ""
	for _, a := range v.Applications {
		if a.Daemon != group {
			continue
		}
		if script != "" && script != a.Script {
			return true
		}
		script = a.Script
	}
	return false
}
