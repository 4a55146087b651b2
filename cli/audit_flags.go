package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/audit/subject"
)

// auditFlags choose what an audit tells. The tags are the keys of the table
// [audit] in .wsgictl.toml as well; flags win over the file.
type auditFlags struct {
	ModWSGI  string   `name:"mod-wsgi" toml:"mod-wsgi" placeholder:"VERSION" help:"The mod_wsgi that reads the configuration, such as 4.9.4, or 6 for the newest of its line (default: the one that this host loads)."`
	Select   []string `toml:"select" placeholder:"RULE" help:"Only these rules: ids, beginnings of ids, names, or categories (\"wsgictl rules\" lists them)."`
	Ignore   []string `toml:"ignore" placeholder:"RULE" help:"Not these rules, named in the same way."`
	Severity string   `toml:"severity" placeholder:"LEVEL" help:"The least severity to tell: info, warning or error (default: info)."`
	ExitZero bool     `toml:"exit-zero" help:"Exit 0 although there are findings."`
	Baseline string   `toml:"baseline" placeholder:"FILE" help:"Leave out the findings that FILE knows."`

	WriteBaseline bool     `toml:"-" help:"Write the findings of now, all that --select, --ignore and --severity leave, into the file of --baseline."`
	Trust         []string `toml:"-" sep:"none" placeholder:"USER" help:"As root, use settings and a baseline that this account can change, too."`
	Config        string   `toml:"-" placeholder:"FILE" help:"The file of settings (default: .wsgictl.toml of this folder)."`
}

// subject is what the audit is about.
func (c auditCommand) subject(ctx context.Context, s *streams, settings auditSettings) (subject.Subject, error) {
	paths := c.Paths
	if len(paths) == 0 {
		paths = []string{""} // the server of this host
	}
	names, err := c.named(ctx, paths...)
	return subject.Subject{Names: names, Release: settings.release, Say: s.tell}, err
}

// seenFromHere gives what writes a path as seen from the current folder, where
// it is below.
func seenFromHere() func(name string) string {
	here, err := os.Getwd()
	return func(name string) string {
		relative, relativeErr := filepath.Rel(here, name)
		if err != nil || relativeErr != nil || strings.HasPrefix(relative, "..") {
			return name
		}
		return relative
	}
}
