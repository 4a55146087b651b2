package installed

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/trust"
)

// Environment gives the variables that the server is started with, as far as the
// envvars of its control command tell; none where there is no such file. It is an
// error where others than those who are trusted can change it.
func (a Apache) Environment(root hostfiles.Root, trusted trust.Trustees) (map[string]string, error) {
	if a.EnvVars == "" {
		return map[string]string{}, nil
	}
	text, err := trusted.ReadFile(root.At(a.EnvVars), conf.MaxEnvvars)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]string{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the environment of Apache: %w", err)
	}
	before := map[string]string{"APACHE_CONFDIR": a.ServerRoot} // by which Debian's envvars tell instances
	environment, _ := conf.ReadEnvvars(string(text), before, root.Exists)
	return environment, nil
}

// Options are those with which the configuration is read as this server would.
func (a Apache) Options(root hostfiles.Root, environment map[string]string) conf.Options {
	return conf.Options{
		ServerRoot: a.ServerRoot, Root: string(root), Environment: environment, Version: a.Version, Static: a.BuiltIn, Scope: conf.Whole,
	}
}

// Configure fills in what the configuration decides: user and group, the pid file,
// and the MPM and the modules folder where the program does not tell.
func (a *Apache) Configure(root hostfiles.Root, config *conf.Config) {
	a.User, a.Group = lastWord(config, "User"), lastWord(config, "Group")
	a.PIDFile = PIDFile(config, strings.TrimPrefix(a.PIDFile, a.ServerRoot+"/"))
	for _, load := range config.Loads {
		if mpm, found := strings.CutPrefix(strings.TrimSuffix(load.Word(0), "_module"), "mpm_"); found {
			a.MPM = cmp.Or(a.MPM, mpm)
		}
	}
	if a.ModulesDir == "" && len(config.Loads) > 0 {
		a.ModulesDir = root.Real(filepath.Dir(Below(config.ServerRoot, config.Loads[0].Word(1))))
		a.ListModules(root)
	}
}

// lastWord is the first argument of the last directive of a name, which counts.
func lastWord(config *conf.Config, name string) (word string) {
	for directive := range config.Named(name) {
		word = directive.Word(0)
	}
	return word
}

// PIDFile is where the server of a configuration writes its pid, absolute. A relative
// name is below ServerRoot, whatever DefaultRuntimeDir says (ap_log_pid). Without a
// PidFile it is the file that httpd was compiled with; empty where that is not given.
func PIDFile(config *conf.Config, compiledIn string) string {
	return Below(config.ServerRoot, cmp.Or(lastWord(config, "PidFile"), compiledIn))
}

// ErrorLog is the error log of a server, absolute: a virtual host without one writes to
// that of the main server. It is empty where that is no file.
func ErrorLog(server *conf.Server) (file string) {
	given := false
	for directive := range server.Directives() {
		if directive.Is("ErrorLog") {
			file, given = directive.Word(0), true
		}
	}
	switch {
	case !given && server.IsVirtual():
		return ErrorLog(server.Config.Servers()[0])
	case file == "" || strings.HasPrefix(file, "|") || strings.HasPrefix(file, "syslog"):
		return ""
	}
	return Below(server.Config.ServerRoot, file)
}
