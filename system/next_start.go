package system

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/store"
)

// CheckNextStart says what in the files that are there would keep Apache from
// starting, or end it when it reloads: by file and line, with whose file it is.
// A running Apache shows nothing of that, since it has read them before.
func (m Manager) CheckNextStart(ctx context.Context) error {
	current, err := m.Current()
	if err != nil {
		return err
	}
	config, err := m.live()
	if err != nil {
		return err
	}
	found := CheckFiles(config, current.whose)
	live := m.view(config, nil)
	if err := m.refuseExposed(live, live); err != nil { // httpd, as root, would use it
		return errors.Join(found, err)
	}
	said := m.ConfigTest(ctx)
	if ctx.Err() != nil {
		return found
	}
	if said != nil {
		f := syntaxFault(said)
		said = f.told(current.whose(f.file))
	}
	return withTest(found, said)
}

// syntaxError is how httpd names a file and line that it does not accept. The last
// of several is the place; those before it include the file.
var syntaxError = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`Syntax error on line ([0-9]+) of (.+?):(?:\s|$)`)
})

// syntaxFault is what httpd says about a configuration that it does not accept.
func syntaxFault(err error) fault {
	said := err.Error()
	matches := syntaxError().FindAllStringSubmatchIndex(said, -1)
	if len(matches) == 0 {
		return fault{text: said}
	}
	m := matches[len(matches)-1]
	line, _ := strconv.Atoi(said[m[2]:m[3]])
	text, _, _ := strings.Cut(said[m[1]:], "\nAction '") // of Debian's apache2ctl
	return fault{said[m[4]:m[5]], line, "httpd does not accept it: " + strings.TrimSpace(text)}
}

// whose says who looks after a file of the configuration, for a message: it may
// be named by the link that enables it.
func (g Generation) whose(path string) string {
	if path == "" {
		return ""
	}
	managed, known := g.Managed[path]
	if real, err := filepath.EvalSymlinks(path); err == nil && (!known || managed.Kind == store.Link) {
		path = real
		managed, known = g.Managed[path]
	}
	if !known || managed.Line != "" {
		return "not wsgictl's"
	}
	whose, look := "wsgictl's", "wsgictl plan"
	if len(managed.Owners) == 1 {
		site := managed.Owners[0]
		whose = fmt.Sprintf("wsgictl's, of site %s, which %s declares", site, g.Sites[site].File)
		look += " --file " + detect.ShellArgument(g.Sites[site].File)
	}
	if entry, err := store.Read(path); err == nil && !entry.Equal(managed.PathState) {
		whose += fmt.Sprintf(`, and was modified since: "%s" shows how`, look)
	}
	return whose
}

// whose says who looks after a file that the plan leaves as it is.
func (p *Plan) whose(path string) string {
	if _, ours := p.Managed[path]; ours {
		return ""
	}
	return p.Before.whose(path)
}
