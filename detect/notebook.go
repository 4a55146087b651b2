package detect

import "sync"

// A Look is one place that was looked at, and what was found there.
type Look struct {
	Subject string `json:"subject"` // "system", "apache", "running", "headers", "python", "virtualenv", "modules"
	Place   string `json:"place"`   // a path, a command, a list of folders
	Found   string `json:"found"`
}

// A notebook collects looks. Looks of one subject keep their order, since one
// subject is looked at by one goroutine; subjects are put in order at the end.
type notebook struct {
	mu    sync.Mutex
	looks []Look
}

func (n *notebook) note(subject, place, found string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.looks = append(n.looks, Look{subject, place, found})
}

// inOrder gives the looks, subject by subject.
func (n *notebook) inOrder() []Look {
	var ordered []Look
	for _, subject := range []string{"system", "apache", "running", "headers", "virtualenv", "python", "pythons", "modules"} {
		for _, look := range n.looks {
			if look.Subject == subject {
				ordered = append(ordered, look)
			}
		}
	}
	return ordered
}
