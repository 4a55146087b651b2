package deploy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/aquasecurity/go-pep440-version"
	"github.com/pelletier/go-toml/v2"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/trust"
)

// A python is what the virtualenv of a release is made with.
type python struct {
	program string
	version string // "3.11.2"
}

// usualPythons are taken where nothing says which.
var usualPythons = []string{"/usr/bin/python3", "/usr/local/bin/python3"}

// findPython is the one that is declared, else that of the release that is served.
func (w *work) findPython(ctx context.Context) (python, error) {
	candidates := usualPythons
	if venv, err := w.servedEnvironment(); err == nil {
		candidates = append([]string{filepath.Join(venv.Home, "python"+detect.MinorVersion(venv.Version))}, candidates...)
	}
	if w.Site.Python != "" {
		candidates = []string{w.Site.Python}
	}
	for _, program := range candidates {
		if info, err := os.Stat(program); err != nil || !info.Mode().IsRegular() {
			continue
		}
		said, err := w.Site.owner.run(ctx, trust.Job{Program: program, Args: []string{"-I", "-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"}, Limit: time.Minute})
		if err != nil || len(said) != 1 {
			return python{}, &Failure{Step: "ask " + program + " for its version", Log: said, Err: errors.Join(err, errors.New("it does not tell its version"))}
		}
		return python{program, said[0]}, nil
	}
	return python{}, fmt.Errorf("find a Python: there is no %s; name one as python of [site.%s.deploy]", strings.Join(candidates, ", no "), w.Site.Name)
}

// servedEnvironment is the virtualenv of the release that is served.
func (w *work) servedEnvironment() (detect.Virtualenv, error) {
	return detect.ReadVirtualenv(filepath.Join(w.Site.Current(), intent.EnvironmentName))
}

// checkPython holds that the release works with the Python, and that Apache does too.
func (w *work) checkPython(with python, source checked) error {
	needs, err := neededPython(source)
	if err != nil {
		return err
	}
	minor := detect.MinorVersion(with.version)
	if why := needs.unmetBy(with.version); why != "" {
		return fmt.Errorf("%s: %s, and %s is Python %s%s", source.Name, why, with.program, with.version, w.otherPython())
	}
	if venv, err := w.servedEnvironment(); w.group != nil && err == nil && detect.MinorVersion(venv.Version) != minor {
		return fmt.Errorf("%s is Python %s, and the module that Apache loads is for Python %s%s", with.program, minor, detect.MinorVersion(venv.Version), w.otherPython())
	}
	return nil
}

// otherPython says how a site comes to another Python.
func (w *work) otherPython() string {
	if w.group == nil {
		return fmt.Sprintf("; name another as python of [site.%s.deploy]", w.Site.Name)
	}
	return fmt.Sprintf(`; nothing was changed. One Apache has one mod_wsgi, and that one Python, which "wsgictl apply" changes: name the other Python, and another folder, in [site.%s.deploy], run this command again, which serves nothing from there yet, and then "wsgictl apply"`, w.Site.Name)
}

// needed is what a release says of its Python.
type needed struct {
	requires string // as requires-python of pyproject.toml
	pinned   string // as .python-version, such as "3.12"; empty where that is no number
}

func neededPython(source checked) (needed, error) {
	var project struct {
		Project struct {
			RequiresPython string `toml:"requires-python"`
		} `toml:"project"`
	}
	if err := toml.Unmarshal([]byte(source.says("pyproject.toml")), &project); err != nil {
		return needed{}, intent.PositionTOML(source.Name+"/pyproject.toml", err)
	}
	pinned := pinnedVersion().FindStringSubmatch(source.says(".python-version"))
	n := needed{requires: project.Project.RequiresPython}
	if pinned != nil {
		n.pinned = pinned[1]
	}
	return n, nil
}

var pinnedVersion = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\s*(?:cpython@|cpython-)?(\d+\.\d+)(?:\.|\s|$)`) })

// unmetBy says what a version does not satisfy; empty where it is right.
func (n needed) unmetBy(text string) string {
	if n.pinned != "" && n.pinned != detect.MinorVersion(text) {
		return "its .python-version says " + n.pinned
	}
	if n.requires == "" {
		return ""
	}
	wanted, err := version.NewSpecifiers(n.requires)
	if err != nil {
		return fmt.Sprintf("requires-python of its pyproject.toml is %q, which is no specifier of versions", n.requires)
	}
	if is, err := version.Parse(text); err != nil || !wanted.Check(is) {
		return "requires-python of its pyproject.toml says " + n.requires
	}
	return ""
}
