package installed

import (
	"slices"
	"strconv"

	"github.com/wsgictl/wsgictl/hostfiles"
)

// ProgramNames are the programs that distributions call Apache's server; SUSE
// has one for each MPM.
var ProgramNames = []string{"apache2", "httpd", "httpd2", "httpd-event", "httpd-worker", "httpd-prefork"}

// Running lists the parent processes of the Apache servers of a host, by their
// numbers. On hosts without /proc it gives none, and the pid file alone tells.
func Running(root hostfiles.Root) []Process {
	all := map[int]Process{}
	for _, pid := range processes(root) {
		if !slices.Contains(ProgramNames, commandName(root, pid)) {
			continue // the name alone is cheaper to have than the whole state
		}
		if p, ok := readState(root, pid); ok && !p.IsZombie() {
			all[p.PID] = p
		}
	}
	var parents []Process
	for _, p := range all {
		if _, isChild := all[p.Parent]; !isChild {
			p.readProgram()
			parents = append(parents, p)
		}
	}
	slices.SortFunc(parents, func(a, b Process) int { return a.PID - b.PID })
	return parents
}

// processes are the numbers of all processes, in order.
func processes(root hostfiles.Root) []int {
	var pids []int
	for _, name := range root.Names("/proc") {
		if pid, err := strconv.Atoi(name); err == nil && pid > 0 {
			pids = append(pids, pid)
		}
	}
	slices.Sort(pids)
	return pids
}

// StartedApart reports whether a server was started with a configuration of
// its own that is not one of a known layout.
func (p Process) StartedApart() bool {
	for i, argument := range p.Arguments[:max(0, len(p.Arguments)-1)] {
		value := p.Arguments[i+1]
		if argument == "-d" || argument == "-f" && !slices.ContainsFunc(platforms, func(row platform) bool { return slices.Contains(row.mainFiles(), value) }) {
			return true
		}
	}
	return false
}
