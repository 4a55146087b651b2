package system

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
)

// closing is the link by which Apache is asked to end each connection with its
// answer. It leads to the folder of the process that asks for it below /proc:
// once that process has exited, however it did, the link leads nowhere.
func (a *Apache) closing() string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '-'
	}, strings.Trim(a.ServerRoot, "/"))
	return filepath.Join("/run/wsgictl", name)
}

// closeIdle has clients end their open connections, one after another as each
// asks for something, and waits until those that are open now have ended. An
// idle one ends by itself after KeepAliveTimeout. From done on, connections are
// kept open again.
//
// At a graceful restart the event MPM closes idle connections, and a client that
// sends its next request in that moment gets no answer.
func (r Reload) closeIdle(ctx context.Context) (done func(), err error) {
	if r.Closing == "" {
		return func() {}, nil
	}
	remove, err := linkToSelf(r.Closing)
	if err != nil {
		return func() {}, err
	}
	ctx, cancel := context.WithTimeout(ctx, r.Drain)
	defer cancel()
	listeners := listenersOf(r.PID)
	before := openConnections(r.PID, listeners)
	for {
		now := openConnections(r.PID, listeners)
		maps.DeleteFunc(before, func(connection string, _ bool) bool { return !now[connection] })
		if len(before) == 0 {
			break
		}
		select {
		case <-ctx.Done():
			clear(before)
		case <-time.After(closeInterval):
		}
	}
	return remove, nil
}

const closeInterval = 20 * time.Millisecond

// linkToSelf makes a link to the folder of this process, in the place of one
// that a killed process left.
func linkToSelf(link string) (remove func(), err error) {
	folder, _, err := trust.RootAndCaller().MakeFolder(filepath.Dir(link), 0o755)
	if err != nil {
		return nil, err
	}
	name := filepath.Base(link)
	if err = folder.Remove(name); err == nil || store.IsAbsent(err) {
		err = folder.Symlink(fmt.Sprintf("/proc/%d", os.Getpid()), name)
	}
	if err != nil {
		_ = folder.Close()
		return nil, err
	}
	return func() {
		_ = folder.Remove(name)
		_ = folder.Close()
	}, nil
}
