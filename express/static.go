package express

import (
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

// staticFiles are the files that Apache serves: by the kernel from folders where that
// is safe, unless it is to do so everywhere. By default Apache maps each file into
// memory, which the threads of a process do one after the other.
func staticFiles(asked templates.Static, documents string, aliases []templates.Alias) templates.Static {
	static := asked
	static.DocumentRoot, static.URLAlias = documents, aliases
	if static.EnableSendfile {
		return static
	}
	mounted := mounts()
	static.SendDocuments = allLocal(mounted, static.DocumentRoot)
	for i, alias := range static.URLAlias {
		folder := alias.Path
		if alias.IsFile {
			folder = filepath.Dir(alias.Path)
		}
		static.URLAlias[i].Send = allLocal(mounted, folder)
	}
	return static
}

// settleAliases finds what they lead to. They are sorted so that the more special of
// two paths comes first, as Apache takes the first that fits.
func settleAliases(asked []templates.Alias, caller Caller) []templates.Alias {
	var list []templates.Alias
	for _, asked := range asked {
		path := caller.abs(asked.Path)
		info, err := os.Stat(path)
		alias := templates.Alias{URL: asked.URL, Path: path, IsFile: err == nil && !info.IsDir()}
		if strings.HasSuffix(asked.Path, "/") && path != "/" && !alias.IsFile {
			alias.Path += "/"
		}
		list = append(list, alias)
	}
	sort.SliceStable(list, func(a, b int) bool { return list[a].URL > list[b].URL })
	return list
}

// mimeTypes is the file that was named, else the first of the files that Python's mimetypes knows too.
func mimeTypes(named string, caller Caller) string {
	if named != "" {
		return caller.abs(named)
	}
	for _, path := range []string{
		"/etc/mime.types", "/etc/httpd/mime.types", "/etc/httpd/conf/mime.types", "/etc/apache/mime.types",
		"/etc/apache2/mime.types", "/usr/local/etc/httpd/conf/mime.types", "/usr/local/etc/mime.types",
	} {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return os.DevNull
}
