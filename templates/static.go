package templates

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// Static declares the files that Apache serves by itself. The tags are its keys
// in wsgictl.toml and the flags of render and start-server.
type Static struct {
	DocumentRoot     string   `toml:"document-root" placeholder:"DIR" help:"Folder of static files outside the mount point (default: the main server's)."`
	DirectoryIndex   string   `toml:"directory-index" placeholder:"NAME" help:"File to serve for a folder of the document root (default: Apache's)."`
	DirectoryListing bool     `toml:"directory-listing" help:"List a folder of the document root that has no index file."`
	AllowOverride    []string `toml:"allow-override" sep:"none" placeholder:"TYPE" help:"Directives that .htaccess files of static files may hold (default: none)."`
	URLAlias         []Alias  `toml:"url-alias" name:"url-alias" sep:"none" placeholder:"URL FILE|DIR" help:"Serve the files at FILE or DIR, not the application, for URL (default: one file where the last part of URL has a dot, else a folder)."`

	EnableSendfile bool `toml:"enable-sendfile" help:"Let the kernel send files; not on network file systems."`

	SendDocuments bool `toml:"-" kong:"-"` // by the kernel, those of the document root
}

// An Alias maps a URL path to a folder or to one file.
type Alias struct {
	URL  string `toml:"url"`
	Path string `toml:"path" placeholder:"FILE"`

	IsFile bool `toml:"-" kong:"-"`
	Send   bool `toml:"-" kong:"-"` // by the kernel
}

// A Folder is one that clients may read, with what Apache does in it. Empty for
// none: no index but Apache's, and no line more.
type Folder struct {
	Path          string
	AllowOverride string
	Index         []string
	Listing, Send bool
}

// A File is the one file of a folder that clients may read, or that Apache may
// run.
type File struct {
	Folder, Name string
	Send         bool
}

func fileAt(p string) File { return File{Folder: path.Dir(p), Name: path.Base(p)} }

// Documents is the folder of the document root.
func (s Static) Documents() Folder {
	return Folder{
		Path: s.DocumentRoot, AllowOverride: s.overrides(), Index: strings.Fields(s.DirectoryIndex), Listing: s.DirectoryListing, Send: s.SendDocuments,
	}
}

// FolderOf is that of an alias.
func (s Static) FolderOf(a Alias) Folder {
	return Folder{Path: a.Path, AllowOverride: s.overrides(), Send: a.Send}
}

// FileOf is that of an alias.
func (Static) FileOf(a Alias) File {
	file := fileAt(a.Path)
	file.Send = a.Send
	return file
}

func (s Static) overrides() string {
	if len(s.AllowOverride) == 0 {
		return "None"
	}
	return strings.Join(strings.Fields(strings.Join(s.AllowOverride, " ")), " ") // on one line
}

// withDefaults fills in what was left out: a mapping is of one file where the last
// part of its URL path has a dot and no slash follows it.
func (s Static) withDefaults() Static {
	if s.DocumentRoot != "" {
		s.DocumentRoot = trimSlash(s.DocumentRoot)
	}
	s.URLAlias = specificFirst(s.URLAlias)
	return s
}

// specificFirst gives the mappings in the order that Apache needs, which takes
// the first that fits: one before those whose URL path begins its own. Neither
// side keeps a slash at its end: with one on either side only, Apache would
// put names together wrongly.
func specificFirst(aliases []Alias) []Alias {
	sorted := make([]Alias, 0, len(aliases))
	for _, a := range aliases {
		if a.IsFile = strings.Contains(path.Base(a.URL), ".") && !strings.HasSuffix(a.URL, "/"); !a.IsFile {
			a.URL, a.Path = trimSlash(a.URL), trimSlash(a.Path)
		}
		sorted = append(sorted, a)
	}
	slices.SortStableFunc(sorted, func(a, b Alias) int { return strings.Compare(b.URL, a.URL) })
	return sorted
}

// modules are those of Apache that the files need.
func (s Static) modules() []string {
	modules := []string{"alias", "authz_core"}
	if s.DirectoryIndex != "" {
		modules = append(modules, "dir")
	}
	if s.DirectoryListing {
		modules = append(modules, "autoindex")
	}
	return modules
}

// check reports files that hide the application or show its source, and words
// that Apache would not take.
func (s Static) check(application Application) error {
	if err := s.CheckOverrides(); err != nil {
		return err
	}
	if s.DocumentRoot == "" && len(s.URLAlias) == 0 && len(s.AllowOverride) > 0 {
		return errors.New("allow-override has no effect without static files; name them with document-root or url-alias")
	}
	if s.DocumentRoot == "" && (s.DirectoryIndex != "" || s.DirectoryListing) {
		return errors.New("directory-index and directory-listing have no effect without document-root; name that folder too")
	}
	if err := s.checkDocumentRoot(application); err != nil {
		return err
	}
	return checkAliases(s.URLAlias, application)
}

var override = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(all|none|(authconfig|fileinfo|indexes|limit|options|nonfatal)(=[\w,]+)?)$`)
})

// CheckOverrides reports words that AllowOverride does not take.
func (s Static) CheckOverrides() error {
	for _, words := range s.AllowOverride {
		if strings.TrimSpace(words) == "" {
			return fmt.Errorf("allow-override %q: want All, None, or kinds of directives, such as FileInfo", words)
		}
		for word := range strings.FieldsSeq(words) {
			if !override().MatchString(word) {
				return fmt.Errorf("allow-override %s: want All, None, AuthConfig, FileInfo, Indexes, Limit or Options", word)
			}
		}
	}
	return nil
}

func (s Static) checkDocumentRoot(application Application) error {
	switch {
	case s.DocumentRoot == "":
		return nil
	case !path.IsAbs(s.DocumentRoot):
		return fmt.Errorf("document-root %s: want an absolute path", s.DocumentRoot)
	case application.MountPoint == "/":
		return fmt.Errorf("document-root %s: nothing of it would be served, for the application answers below /", s.DocumentRoot)
	case conf.IsIn(application.Script, s.DocumentRoot):
		return fmt.Errorf("document-root %s: whoever asks for the script %s below it would get its source", s.DocumentRoot, application.Script)
	}
	return nil
}

func checkAliases(aliases []Alias, application Application) error {
	for i, a := range aliases {
		switch {
		case !strings.HasPrefix(a.URL, "/") || !path.IsAbs(a.Path):
			return fmt.Errorf("url-alias %s %s: want a URL path and an absolute path", a.URL, a.Path)
		case conf.IsIn(application.MountPoint, a.URL):
			return fmt.Errorf("url-alias %s: it would hide the application, which answers below %s", a.URL, application.MountPoint)
		case !a.IsFile && conf.IsIn(application.Script, a.Path):
			return fmt.Errorf("url-alias %s %s: whoever asks for the script %s below it would get its source", a.URL, a.Path, application.Script)
		case i > 0 && aliases[i-1].URL == a.URL:
			return fmt.Errorf("url-alias %s: given twice", a.URL)
		}
	}
	return nil
}
