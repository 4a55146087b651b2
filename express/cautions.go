package express

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/trust"
)

// A caution is about something in the application's source that works in another
// server and not, or not as well, under mod_wsgi.
type caution struct {
	pattern func() *regexp.Regexp
	advice  string
}

var cautions = []caution{
	{
		sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^[ \t]*(?:from|import)[ \t]+flask_socketio\b`) }),
		"uses Flask-SocketIO: mod_wsgi serves no WebSocket. Clients fall back to long polling, of which each holds a thread (--threads) " +
			"and all need the same process (no --processes). Or run it by its own server, and pass its path there: " +
			"--proxy-mount-point /socket.io/ http://127.0.0.1:5000/socket.io/",
	},
	{
		sync.OnceValue(func() *regexp.Regexp {
			return regexp.MustCompile(`(?m)^(?:\S.*;[ \t]*)?(?:(?:gevent\.)?monkey\.patch_\w+[ \t]*\(|(?:eventlet\.)?monkey_patch[ \t]*\()`)
		}),
		"patches Python's threads and sockets for gevent or eventlet: mod_wsgi runs each request in a thread of its own, where patched locks can hang. " +
			"Patch only in the file that starts the server of gevent or eventlet",
	},
}

// mostSources is how many files are looked at, and sourceSize how many bytes each
// may have; what people write themselves is smaller by far.
const (
	mostSources = 200
	sourceSize  = 1 << 18
)

// cautions tell of what in the application's sources does not work as
// elsewhere. Files are read and nothing is run.
func (a application) cautions(dir string) notes {
	if a.entryPoint == "" || a.isWelcome() {
		return nil
	}
	var found notes
	told := map[int]bool{}
	for _, path := range a.sources(dir) {
		text, err := trust.ReadFile(path, sourceSize)
		if err != nil {
			continue
		}
		for i, c := range cautions {
			if at := c.pattern().FindIndex(text); at != nil && !told[i] {
				told[i] = true
				found = append(found, note("%s, line %d: it %s.", path, 1+bytes.Count(text[:at[1]], []byte("\n")), c.advice)...)
			}
		}
	}
	return found
}

// sources are the Python files of the application: its entry point, and those of
// the folder and of the packages in it. None are looked for in a folder such as
// /tmp, where anybody may put one.
func (a application) sources(dir string) []string {
	var found []string
	if filepath.IsAbs(a.entryPoint) {
		found = append(found, a.entryPoint)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode()&0o002 != 0 {
		return found
	}
	folders := []string{dir}
	for _, parent := range []string{dir, filepath.Join(dir, "src")} {
		for _, name := range namesIn(parent) {
			if folder := filepath.Join(parent, name); exists(filepath.Join(folder, "__init__.py")) {
				folders = append(folders, folder)
			}
		}
	}
	for _, folder := range folders {
		for _, name := range namesIn(folder) {
			path := filepath.Join(folder, name)
			isGunicorns := strings.HasPrefix(name, "gunicorn") // its settings, in which patching is right
			if strings.HasSuffix(name, ".py") && !isGunicorns && !slices.Contains(found, path) {
				found = append(found, path)
			}
		}
	}
	return found[:min(mostSources, len(found))]
}

// namesIn are the first names in a folder; none where it cannot be read.
func namesIn(folder string) []string {
	opened, err := os.OpenFile(folder, os.O_RDONLY|unix.O_DIRECTORY, 0) // no FIFO that has come in its place
	if err != nil {
		return nil
	}
	defer opened.Close()
	names, _ := opened.Readdirnames(mostSources)
	slices.Sort(names)
	return names
}
