package request

import (
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// kind is what a request's file name is the name of.
type kind uint8

const (
	unseen  kind = iota // the files are not here
	missing             // nothing
	folder
	regular
)

// located is a request with the file that it leads to, and what applies there.
type located struct {
	translated
	Settings     *Settings
	fixing       *Settings // those with which its fixups began, before mod_dir put a lookup in its place
	beforeFixups environment
	kind         kind
	filename     string // the file, with the slash that a folder's may end with
	info         string // PATH_INFO
	scriptName   string
	leadsTo      *address // of the internal redirect that mod_rewrite's handler makes of it; nil for none
	isHandled    bool     // a SetHandler has taken the place of that handler
}

// locate parts what the URI was translated to into the file and PATH_INFO
// (map_to_storage).
func (t translated) locate() located {
	r := located{translated: t}
	if isTooLong(t.to.File) {
		r.kind = missing // httpd looks for no folder
		_, r.Settings = r.earlySettings()
		return r
	}
	if t.to.File != "" {
		r = r.splitFile()
	}
	return r.settle()
}

// isTooLong tells whether the name of a file is longer than any can be
// (apr_filepath_merge, which counts four bytes besides).
func isTooLong(name string) bool { return len(name)+4 > unix.PathMax }

// splitFile parts the name into a file, or folder, and PATH_INFO.
func (r located) splitFile() located {
	at := r.to.File
	clean := path.Clean(at)
	end, seen := r.scriptEnd(clean)
	r.Request.File, r.info = clean[:end], clean[end:]
	r.filename = r.Request.File
	trailing := strings.HasSuffix(at, "/") && clean != "/"
	config := r.server.Config
	switch {
	case config.IsFolder(r.Request.File):
		r.kind, r.Request.Folder = folder, true
		if trailing {
			r.filename += "/"
		}
	case config.Exists(r.Request.File):
		r.kind = regular
	case seen:
		r.kind = missing
	}
	if trailing && r.kind != folder {
		r.info += "/"
	}
	r.scriptName = scriptName(r.URI, r.info)
	return r
}

// scriptName is SCRIPT_NAME of a request: its URI up to PATH_INFO, as
// ap_find_path_info looks for it from the end, without doubled slashes. Without
// PATH_INFO it is all of the URI, with a slash at its end where that has one.
func scriptName(uri, info string) string {
	at := len(uri)
	if info != "" {
		for at > 0 && len(info) > 0 && uri[at-1] == info[len(info)-1] {
			at, info = at-1, info[:len(info)-1]
		}
		at = nextSlash(uri, max(at-2, -1))
	}
	for uri = uri[:at]; strings.Contains(uri, "//"); {
		uri = strings.ReplaceAll(uri, "//", "/")
	}
	return uri
}

// ScriptName is SCRIPT_NAME for a mount point: without slashes at its end, and
// without doubled ones.
func ScriptName(mount string) string {
	return strings.TrimSuffix(path.Clean("/"+mount), "/")
}

// scriptEnd is the length of the part of a path that is the file. httpd goes
// down the path as far as there are folders (ap_directory_walk). Where the
// files are not here, which the modules of a whole server tell, the file that the
// translation names is it, or else the first name with an extension.
func (r located) scriptEnd(name string) (end int, seen bool) {
	config := r.server.Config
	start := 0
	if target := r.to.Target; target != "" {
		target = path.Clean(target)
		if strings.HasPrefix(name, target) && path.Ext(target) != "" && !config.IsFolder(target) {
			return len(target), config.IsOfFilesHere() && config.Lacks(target)
		}
		start = len(target)
	} else if root := r.server.DocumentRoot(); root != "" && strings.HasPrefix(name, path.Clean(root)) {
		start = len(path.Clean(root))
	}
	if config.IsFolder(name[:start]) {
		return r.walk(name, start), true
	}
	if first := nextSlash(name, 0); config.Exists(name[:first]) {
		end = r.walk(name, first)
		exists := config.Exists(name[:end])
		if start == 0 || exists {
			return end, exists || config.IsOfFilesHere() && config.Lacks(name[:end])
		}
	}
	for end := start; end < len(name); {
		end = nextSlash(name, end)
		if path.Ext(path.Base(name[:end])) != "" {
			return end, false
		}
	}
	return len(name), false
}

// walk goes down a path from the folder name[:start]: to the first part that
// is no folder.
func (r located) walk(name string, start int) int {
	end := start
	for end < len(name) && r.server.Config.IsFolder(name[:end]) {
		end = nextSlash(name, end)
	}
	return end
}
