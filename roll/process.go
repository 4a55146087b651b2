package roll

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/roll/ready"
)

// A process is one of a group, with what its threads say.
type process struct {
	installed.Process
	account string // by which it runs, as the kernel writes it
	signs   int    // applications that are loaded
	failed  bool   // one is not, and will not be
	waits   bool   // so that it takes no requests
}

// processes are those of a group that run now.
func (g Group) processes(server installed.Process) []process {
	var found []process
	for _, child := range installed.Children(server.PID) {
		p, runs := installed.ReadProcess("", child.PID)
		if runs && p.Parent == server.PID && !p.IsZombie() && detect.ShowsName(p.Arguments[0], g.Title) {
			look := lookAtThreads(p)
			look.account = accountOf(p.PID)
			found = append(found, look)
		}
	}
	return found
}

// sharesTitle tells whether processes could be those of another group as well.
func (g Group) sharesTitle(all []process) bool {
	return slices.ContainsFunc(all, func(p process) bool {
		shown := 0
		for _, title := range g.Titles {
			if detect.ShowsName(p.Arguments[0], title) {
				shown++
			}
		}
		return shown > 1
	})
}

// accountOf are the numbers of the account: a process may give itself the title of
// another account's group.
func accountOf(pid int) string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, behind, _ := strings.Cut(string(text), "\nUid:")
	numbers, _, _ := strings.Cut(behind, "\n")
	return strings.TrimSpace(numbers)
}

// mostThreads of a process are looked at.
const mostThreads = 10_000

func lookAtThreads(p installed.Process) process {
	found := process{Process: p}
	folder, err := os.Open(fmt.Sprintf("/proc/%d/task", p.PID))
	if err != nil {
		return found // it is no more
	}
	defer folder.Close()
	names, _ := folder.Readdirnames(mostThreads)
	for _, name := range names {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/comm", p.PID, name))
		switch strings.TrimSuffix(string(text), "\n") {
		case ready.Sign:
			found.signs++
		case ready.FailedSign:
			found.failed = true
		case ready.WaitingSign:
			found.failed, found.waits = true, true
		}
	}
	return found
}

// isReady tells whether a process serves what its group has.
func (p process) isReady(g Group) bool { return p.signs >= g.Signs && !p.failed }

// rank is the order in which processes are replaced: first those that serve nobody.
func (p process) rank(g Group) int {
	switch {
	case p.waits:
		return 0
	case !p.isReady(g):
		return 1
	}
	return 2
}

func byRank(g Group) func(a, b process) int {
	return func(a, b process) int { return cmp.Or(cmp.Compare(a.rank(g), b.rank(g)), cmp.Compare(a.PID, b.PID)) }
}

func (p process) is(other process) bool { return p.PID == other.PID && p.Started == other.Started }
