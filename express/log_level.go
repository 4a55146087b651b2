package express

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/installed"
)

// checkLogLevel refuses a level for a module that the server does not have:
// Apache would not start ("Cannot find module").
func (p *planner) checkLogLevel(ctx context.Context) error {
	for word := range strings.FieldsSeq(p.command.LogLevel) {
		name, _, ofModule := strings.Cut(word, ":")
		name = strings.TrimSuffix(name, "_module")
		if !ofModule || slices.Contains(p.moduleNames(), name) || name == "php5" && p.command.WithPHP5 {
			continue
		}
		builtIn, err := p.isBuiltIn(ctx, name)
		if err != nil {
			return err
		}
		if !builtIn {
			return fmt.Errorf("--log-level %s: this server does not load a module %s, and Apache would not start: leave the level out, add the option that needs the module "+
				"(--https-port loads ssl), or load it and set its LogLevel in an --include-file", word, name)
		}
	}
	return nil
}

// isBuiltIn reports whether each server of this httpd has a module. Httpd is
// asked where its files do not tell.
func (p *planner) isBuiltIn(ctx context.Context, name string) (bool, error) {
	if slices.Contains([]string{"core", "http", "so", "wsgi"}, name) {
		return true, nil
	}
	if exists(filepath.Join(p.software.apache.ModulesDir, "mod_"+name+".so")) {
		return false, nil
	}
	apache, err := installed.Look(ctx, "", p.software.apache.Path)
	if err != nil {
		return false, fmt.Errorf("--log-level %s: %w", p.command.LogLevel, err)
	}
	return slices.Contains(apache.BuiltIn, name), nil
}
