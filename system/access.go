package system

import (
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/templates"
)

// CheckAccess holds, before anything is written, that Apache and the daemon
// processes can read what they have to. The error has each barrier with its
// remedy.
func (d Declaration) CheckAccess(host *detect.Host) error {
	all := d.checkAccounts(host)
	for _, problem := range host.Unreadable(d.readPaths(host)) {
		all = append(all, fmt.Errorf("%s: %s; to fix it: %s", problem.Cause, problem.Consequence, problem.Remedy))
	}
	return errors.Join(all...)
}

// checkAccounts looks for daemons whose user is no account of this host, or is
// one whose processes would have no folder to work in.
func (d Declaration) checkAccounts(host *detect.Host) []error {
	var all []error
	for _, daemon := range d.Daemons {
		name, home := setting(daemon, "user"), setting(daemon, "home")
		if name == "" {
			continue
		}
		if unknown := user.UnknownUserError(""); !strings.HasPrefix(name, "#") {
			if _, err := user.Lookup(name); errors.As(err, &unknown) {
				all = append(all, fmt.Errorf("daemon %s: there is no account %s on this host, and Apache would not start: create it, or have it created with \"wsgictl apply --create-user\"", daemon.Name, name))
				continue
			}
		}
		if err := checkGroup(setting(daemon, "group")); err != nil {
			all = append(all, fmt.Errorf("daemon %s: %w", daemon.Name, err))
		}
		if home != "" && !isFolder(home) {
			all = append(all, fmt.Errorf("daemon %s: home %s: there is no such folder: %s", daemon.Name, home, detect.NoWorkingFolder))
		} else if problem := detect.WorkingFolder("", name, "", host.Apache.User); home == "" && problem != "" {
			all = append(all, fmt.Errorf("daemon %s: %s: %s; name the project's folder as home of the daemon", daemon.Name, problem, detect.NoWorkingFolder))
		}
	}
	return all
}

// checkGroup refuses a group that this host does not have, by which Apache would
// not start.
func checkGroup(name string) error {
	unknown := user.UnknownGroupError("")
	if name == "" || strings.HasPrefix(name, "#") {
		return nil
	}
	if _, err := user.LookupGroup(name); errors.As(err, &unknown) {
		return fmt.Errorf("there is no group %s on this host, and Apache would not start: name one with group =, as \"id -gn USER\" tells it", name)
	}
	return nil
}

// readPaths are what is read by whom: by daemon processes what Python needs,
// by Apache itself the scripts, which it looks at, and the static files.
func (d Declaration) readPaths(host *detect.Host) []detect.ReadPath {
	var paths []detect.ReadPath
	users := map[string]string{}
	for _, daemon := range d.Daemons {
		account := cmp.Or(setting(daemon, "user"), host.Apache.User)
		users[daemon.Name] = account
		paths = append(paths, pythonPaths(daemon, account)...)
	}
	for _, site := range d.Sites {
		readers := []string{users[site.Daemon], host.Apache.User}
		if site.Release != "" && site.Script != "" { // Apache itself looks at the one that is written for it
			paths = append(paths, detect.ReadPath{Path: site.Script, Role: "the script of site " + site.Name, Consequence: "each request is answered with 500", Readers: readers[:1]})
		}
		if !site.HasOwnScript() {
			paths = append(paths, detect.ReadPath{Path: site.Script, Role: "the script of site " + site.Name, Consequence: "each request is answered with 403 or 500", Readers: readers})
		}
		for _, alias := range site.URLAlias {
			paths = append(paths, detect.ReadPath{Path: alias.Path, Role: "static files of site " + site.Name, Consequence: "requests for " + alias.URL + " are answered with 403", Readers: readers[1:]})
		}
	}
	return paths
}

func pythonPaths(daemon templates.Daemon, account string) []detect.ReadPath {
	readers := []string{account}
	var paths []detect.ReadPath
	if home := setting(daemon, "home"); home != "" {
		paths = append(paths, detect.ReadPath{Path: home, Role: "the working folder of daemon " + daemon.Name, Consequence: "its processes end at once and are started again each second", Readers: readers})
	}
	home := setting(daemon, "python-home")
	venv, err := detect.ReadVirtualenv(home)
	if home == "" || err != nil {
		return paths
	}
	return append(paths,
		detect.ReadPath{Path: venv.Path, Role: "the virtualenv of daemon " + daemon.Name, Consequence: detect.CrashLoop, Readers: readers},
		detect.ReadPath{Path: venv.SitePackages, Role: "the packages of daemon " + daemon.Name, Consequence: "imports fail: ModuleNotFoundError", Readers: readers},
		detect.ReadPath{Path: standardLibrary(venv), Role: "the standard library of daemon " + daemon.Name, Consequence: detect.CrashLoop, Readers: readers},
	)
}

// standardLibrary is the folder of the standard library of a virtualenv's base
// Python.
func standardLibrary(venv detect.Virtualenv) string {
	series := detect.MinorVersion(venv.Version)
	return filepath.Join(filepath.Dir(venv.Home), "lib", "python"+series)
}

// setting is the value that a daemon is declared with; empty without one.
func setting(daemon templates.Daemon, name string) string {
	value := ""
	for _, s := range daemon.Settings {
		if s.Name == name {
			value = s.Value
		}
	}
	return value
}

// Advice are facts of the host that a person should know before applying.
func (m Manager) Advice(host *detect.Host, d Declaration) []string {
	var advice []string
	if live, err := m.live(); err == nil && m.MPM == "prefork" {
		advice = append(advice, "Apache uses the prefork MPM"+becauseOfPHP(live)+". Daemon mode works with it, and each waiting request holds a process of Apache; wsgictl does not switch the MPM.")
	}
	if host.System.SELinux != "" {
		advice = append(advice, selinuxAdvice(host.System.SELinux, d))
	}
	if m.AppArmor != "" {
		advice = append(advice, appArmorAdvice(m.Path, m.AppArmor, d))
	}
	return append(advice, certificateAdvice(d)...)
}

// certificateAdvice names certificates that clients refuse.
func certificateAdvice(d Declaration) []string {
	var advice []string
	for _, site := range d.Sites {
		pair, err := readCertificate(site.SSLCertificateFile, site.SSLCertificateKeyFile)
		if err != nil {
			continue
		}
		if others := uncovered(pair.Leaf, site); len(others) > 0 {
			advice = append(advice, fmt.Sprintf("The certificate of site %s (%s) is not for %s but for %s: browsers refuse it for that name.",
				site.Name, site.SSLCertificateFile, strings.Join(others, ", "), certificateNames(pair.Leaf)))
		}
		if time.Now().After(pair.Leaf.NotAfter) {
			advice = append(advice, fmt.Sprintf("The certificate of site %s has expired (%s): browsers refuse it until it is renewed.", site.Name, pair.Leaf.NotAfter.Format(time.DateOnly)))
		}
	}
	return advice
}

// uncovered are the names of a site that its certificate is not for.
func uncovered(leaf *x509.Certificate, site templates.Site) []string {
	return slices.DeleteFunc(append([]string{site.ServerName}, site.ServerAlias...), func(name string) bool {
		return slices.Contains(leaf.DNSNames, name) || leaf.VerifyHostname(strings.Replace(name, "*", "any", 1)) == nil
	})
}

// certificateNames are the names that a certificate is for.
func certificateNames(leaf *x509.Certificate) string {
	if len(leaf.DNSNames) == 0 {
		return "no name at all (it has no subjectAltName)"
	}
	return strings.Join(leaf.DNSNames, ", ")
}

// becauseOfPHP tells whether mod_php, which no other MPM can run, is loaded.
func becauseOfPHP(config *conf.Config) string {
	for module := range config.Modules {
		if strings.HasPrefix(module, "php") {
			return ", which mod_php (" + module + ") needs"
		}
	}
	return ""
}

// appArmorAdvice are the rules that the profile of Apache needs so that daemon
// processes can read the applications.
func appArmorAdvice(program, mode string, d Declaration) string {
	local := "/etc/apparmor.d/local/" + strings.ReplaceAll(strings.Trim(program, "/"), "/", ".")
	var text strings.Builder
	fmt.Fprintf(&text, "AppArmor confines %s (%s). Its profile has to allow, for instance in %s:", program, mode, local)
	for _, daemon := range d.Daemons {
		for _, name := range []string{"home", "python-home"} {
			if folder := setting(daemon, name); folder != "" {
				fmt.Fprintf(&text, "\n  %s/** mr,", folder)
			}
		}
	}
	return text.String()
}

// selinuxAdvice are the labels and booleans of the targeted policy under which
// daemon processes (httpd_t) can work.
func selinuxAdvice(state string, d Declaration) string {
	var text strings.Builder
	fmt.Fprintf(&text, "SELinux is %s. Daemon processes need these labels:", state)
	label := func(kind, folder string) {
		text.WriteString("\n  " + detect.LabelFolder(kind, folder))
	}
	for _, daemon := range d.Daemons {
		if home := setting(daemon, "home"); home != "" {
			label("httpd_sys_content_t", home)
		}
		if home := setting(daemon, "python-home"); home != "" {
			label("httpd_sys_content_t", home)
			label("httpd_sys_script_exec_t", filepath.Join(home, "lib"))
		}
	}
	text.WriteString("\n  setsebool -P httpd_can_network_connect_db on   # for an application with a database")
	return text.String()
}
