package deploy

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
)

// A Site is one whose code is deployed, as its wsgictl.toml declares it.
type Site struct {
	templates.Site
	intent.Deploy
	Daemon templates.Daemon // whose processes serve it

	owner  worker // to whom releases belong
	serves worker // by whom the processes run
}

// SiteOf takes a site out of a declaration.
func SiteOf(file intent.File, name string) (Site, error) {
	i := slices.IndexFunc(file.Sites, func(s templates.Site) bool { return s.Name == name })
	if i < 0 {
		return Site{}, fmt.Errorf("no site %s is declared, but %s", name, cmp.Or(strings.Join(file.SiteNames(), ", "), "none"))
	}
	settings, deployed := file.Deploys[name]
	if !deployed {
		return Site{}, fmt.Errorf(`site %s: its code is not deployed by wsgictl: say where its releases are to be, by a table [site.%s.deploy] with folder = "/srv/%[1]s"`, name, name)
	}
	facts := intent.Facts{Release: modwsgi.Newest}
	s := Site{Site: file.Sites[i], Deploy: settings}
	s.Daemon = file.Daemon(cmp.Or(s.Site.Daemon, name), facts)
	s.Daemon.Settings = facts.WithDefaults(s.Daemon.Settings, s.Application)
	if err := s.findAccounts(); err != nil {
		return Site{}, fmt.Errorf("site %s: %w", name, err)
	}
	return s, nil
}

// findAccounts looks who is who. Root runs nothing of a release.
func (s *Site) findAccounts() (err error) {
	if os.Geteuid() != 0 {
		self := trust.HostAccounts().ByUID(os.Geteuid())
		s.owner, s.serves = workerFor(self), workerFor(self)
		return nil
	}
	user := s.Daemon.Settings.Value("user")
	if user == "" {
		return fmt.Errorf("daemon.%s has no user: name the account that the application is to run as", s.Daemon.Name)
	}
	account, known := trust.HostAccounts().Lookup(user)
	if !known {
		return fmt.Errorf("daemon.%s: there is no account %s on this host: make it, such as with \"useradd --system --user-group %[2]s\"", s.Daemon.Name, user)
	}
	if group := s.Daemon.Settings.Value("group"); group != "" {
		if gid, known := trust.HostAccounts().GroupID(group); known {
			account.Groups = append([]int{gid}, slices.DeleteFunc(account.Groups, func(g int) bool { return g == gid })...)
		}
	}
	if account.UID == 0 {
		return fmt.Errorf("daemon.%s: user %s is root, as which no application is run", s.Daemon.Name, user)
	}
	s.serves = workerFor(account)
	s.owner, err = s.findOwner()
	return err
}

// findOwner is who the folder belongs to; that of one that is not there yet is the
// account that the application runs as.
func (s *Site) findOwner() (worker, error) {
	if _, err := os.Lstat(s.Folder); errors.Is(err, fs.ErrNotExist) {
		return s.serves, nil
	}
	way, err := trust.Look(s.Folder)
	if err != nil {
		return worker{}, err
	}
	owner, foreign, err := way.Owner()
	switch {
	case err != nil:
		return worker{}, fmt.Errorf("%w: as none of them releases could be made; leave one, with chmod go-w", err)
	case !foreign:
		return worker{}, fmt.Errorf("%s belongs to root, and root installs no packages and runs no code of a release: give it to an account, with \"chown %s: %[1]s\"", s.Folder, s.serves.account)
	}
	return workerFor(owner), nil
}

// makeFolder makes the folder of the site, where it is not there.
func (s Site) makeFolder() error {
	folder, made, err := trust.Deciders().MakeFolder(s.Folder, 0o755)
	if untrusted := (*trust.Untrusted)(nil); errors.As(err, &untrusted) {
		if _, there := os.Lstat(s.Folder); there == nil {
			return nil // it is the owner's
		}
		return fmt.Errorf("make %s: %w; make it as that account, and run the command again", s.Folder, err)
	}
	if err != nil {
		return fmt.Errorf("make the folder of the site: %w", err)
	}
	defer folder.Close()
	if made && !s.owner.self {
		return folder.Lchown(".", s.owner.account.UID, s.owner.account.Groups[0])
	}
	return nil
}

// dir is the folder of a release.
func (s Site) dir(id string) string { return filepath.Join(s.Releases(), id) }

// Serving is the release that the link leads to; empty where there is none.
func (s Site) Serving() string {
	target, err := os.Readlink(s.Current())
	if err != nil {
		return ""
	}
	return filepath.Base(target)
}

// setting is the value of an option of the daemon process group, with the folder of a
// release in the place of the link.
func (s Site) setting(name, dir string) string {
	var paths []string
	for part := range strings.SplitSeq(s.Daemon.Settings.Value(name), ":") {
		if below, is := strings.CutPrefix(part+"/", s.Current()+"/"); is {
			part = filepath.Join(dir, below)
		}
		paths = append(paths, part)
	}
	return strings.Join(paths, ":")
}
