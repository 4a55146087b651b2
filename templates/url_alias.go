package templates

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// A URLAlias maps a URL path to a folder, or to one file where the last part
// of the URL path has a dot and no slash follows it.
type URLAlias struct {
	URL  string `toml:"url"`
	Path string `toml:"path" placeholder:"FILE"`
}

// IsFile tells a mapping of one file from one of a folder.
func (a URLAlias) IsFile() bool {
	return strings.Contains(path.Base(a.URL), ".") && !strings.HasSuffix(a.URL, "/")
}

// Folder and File are the two parts of the path of a mapping of one file.
func (a URLAlias) Folder() string { return path.Dir(a.Path) }
func (a URLAlias) File() string   { return path.Base(a.Path) }

// specificFirst gives the mappings in the order that Apache needs, which takes
// the first that fits: one before those whose URL path begins its own. Neither
// side keeps a slash at its end: with one on either side only, Apache would
// put names together wrongly.
func specificFirst(aliases []URLAlias) []URLAlias {
	sorted := make([]URLAlias, 0, len(aliases))
	for _, a := range aliases {
		if !a.IsFile() {
			a = URLAlias{URL: trimSlash(a.URL), Path: trimSlash(a.Path)}
		}
		sorted = append(sorted, a)
	}
	slices.SortStableFunc(sorted, func(a, b URLAlias) int { return strings.Compare(b.URL, a.URL) })
	return sorted
}

// checkAliases reports mappings that hide the application or show its source.
func checkAliases(aliases []URLAlias, application Application) error {
	for i, a := range aliases {
		switch {
		case !strings.HasPrefix(a.URL, "/") || !path.IsAbs(a.Path):
			return fmt.Errorf("url-alias %s %s: want a URL path and an absolute path", a.URL, a.Path)
		case within(application.MountPoint, a.URL):
			return fmt.Errorf("url-alias %s: it would hide the application, which answers below %s", a.URL, application.MountPoint)
		case !a.IsFile() && within(application.Script, a.Path):
			return fmt.Errorf("url-alias %s %s: whoever asks for the script %s below it would get its source", a.URL, a.Path, application.Script)
		case i > 0 && aliases[i-1].URL == a.URL:
			return fmt.Errorf("url-alias %s: given twice", a.URL)
		}
	}
	return nil
}

// within tells whether p is the folder or lies below it.
func within(p, folder string) bool {
	return p == folder || strings.HasPrefix(p, strings.TrimSuffix(folder, "/")+"/")
}
