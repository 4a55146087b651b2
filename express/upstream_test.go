package express_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// upstreamTable prints the option table of the mod_wsgi-express that is
// installed where Python finds it.
const upstreamTable = `
import json, optparse
from mod_wsgi.express.options import option_list

rows = []
for option in option_list:
    default = option.default
    repeatable = option.action == "append"
    if default is optparse.NO_DEFAULT or default is None or default is False or repeatable or option.callback:
        default = ""
    rows.append({
        "Name": option._long_opts[0][2:], "Dest": option.dest,
        "Arity": 0 if option.action == "store_true" else option.nargs or 1,
        "Repeatable": repeatable, "Type": option.type or "bool", "Default": str(default),
        "Hidden": option.help == optparse.SUPPRESS_HELP,
    })
print(json.dumps(rows))
`

// upstreamOption is one row of it.
type upstreamOption struct {
	Name       string
	Dest       string
	Arity      int
	Repeatable bool
	Type       string
	Default    string
	Hidden     bool
}

// hostDefaults are the options whose default upstream computes on the host;
// so do we, and their effects are tested.
var hostDefaults = map[string]bool{
	"user": true, "group": true, "shell-executable": true, "httpd-executable": true, "modules-directory": true,
	"mime-types": true, "rotatelogs-executable": true,
}

// changedDefaults are those that docs/express.md gives a measured reason for.
var changedDefaults = map[string]string{"daemon-backlog": "1024", "server-backlog": "1024", "request-timeout": "180"}

func TestOptionsAreThoseOfUpstream(t *testing.T) {
	t.Parallel()
	known := map[string]express.Option{}
	own := map[string]bool{}
	for _, option := range express.Table() {
		known[option.Name] = option
		if option.Own {
			own[option.Name] = true
		}
	}
	wheel, err := httpdtest.Builder(t).Build(t.Context(), httpdtest.Archive(t, "6.1.1"))
	if err != nil {
		t.Fatal(err)
	}
	rows := readUpstream(t, wheel.Path)
	if len(rows) != 152 {
		t.Errorf("upstream has %d options, want 152", len(rows))
	}
	byDest := map[string]express.Option{}
	for _, row := range rows {
		option, found := known[row.Name]
		if !found {
			if byDest[row.Dest].Alias != row.Name {
				t.Errorf("--%s is missing", row.Name)
			}
			continue
		}
		byDest[row.Dest] = option
		delete(known, row.Name)
		if diff := cmp.Diff(normal(row), asUpstream(option, row.Dest)); diff != "" {
			t.Errorf("--%s differs (-upstream +ours):\n%s", row.Name, diff)
		}
	}
	for name := range known {
		if !own[name] {
			t.Errorf("--%s is not upstream's, nor marked as our own", name)
		}
	}
}

// normal leaves out what is allowed to differ.
func normal(row upstreamOption) upstreamOption {
	if hostDefaults[row.Name] || row.Default == "0" && row.Type == "int" {
		row.Default = ""
	}
	if changed, ok := changedDefaults[row.Name]; ok {
		row.Default = changed
	}
	return row
}

func asUpstream(o express.Option, dest string) upstreamOption {
	kinds := map[reflect.Kind]string{reflect.Bool: "bool", reflect.Int: "int", reflect.Float64: "float", reflect.String: "string"}
	row := upstreamOption{
		Name: o.Name, Dest: dest, Arity: o.Arity(), Repeatable: o.Repeatable, Type: kinds[o.Kind], Default: o.Default, Hidden: o.Hidden,
	}
	if row.Default == "0" {
		row.Default = ""
	}
	return row
}

func readUpstream(t *testing.T, wheel string) []upstreamOption {
	t.Helper()
	command := exec.Command(httpdtest.Python, "-c", upstreamTable)
	command.Env = append(os.Environ(), "PYTHONPATH="+wheel) // Python imports from zip files
	output, err := command.Output()
	if err != nil {
		t.Fatalf("read upstream's options: %v\n%s", err, stderrOf(err))
	}
	var rows []upstreamOption
	if err := json.Unmarshal(output, &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

func stderrOf(err error) []byte {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.Stderr
	}
	return nil
}
