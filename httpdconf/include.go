package httpdconf

import (
	"fmt"
	"io/fs"
	"strings"
)

const (
	maxIncludeDepth = 128 // server/core.c: AP_MAX_INCLUDE_DEPTH
	maxFolderDepth  = 128 // server/util.c: AP_MAX_FNMATCH_DIR_DEPTH
)

// include carries out Include and IncludeOptional (include_config). What
// cannot be included stops httpd at this line.
func (r *reader) include(args string, l line, optional bool) {
	at := r.place(l)
	if r.depth++; r.depth > maxIncludeDepth {
		r.report(Error, at, fmt.Sprintf("Exceeded maximum include depth of %d, There appears to be a recursion.", maxIncludeDepth))
		r.stopped = true // to go on could take for ever
	}
	defer func() { r.depth-- }()
	if r.stopped {
		return
	}

	name, _ := Word(args)
	link := r.link(l)
	matches, problem := r.match(link, r.relative(name), optional)
	r.includeLine = at.line
	r.files.fetch(matches)
	for _, match := range matches {
		file, readError := r.files.get(match)
		if readError != nil {
			r.noteSearched(match, link)
			r.reportInclude(at, link, fmt.Sprintf("Could not open configuration file %s: %s", match, systemMessage(readError)))
			return
		}
		if !r.spend(at, len(file.Source)) {
			return
		}
		r.readFile(file, link)
	}
	if problem != "" {
		r.reportInclude(at, link, problem)
	}
}

// reportInclude reports a file that is not there. In a part of a configuration
// or that of another host, this means only that what it holds is not known.
func (r *reader) reportInclude(at place, link *Link, message string) {
	r.config.Unread = append(r.config.Unread, link)
	if r.modules.complete && !r.strange && r.unknown == nil {
		r.report(Error, at, message)
		return
	}
	r.report(Warning, at, message)
}

// match gives the files that an include brings, in Apache's order, and what is
// wrong with it; the files found before that are included all the same.
func (r *reader) match(link *Link, name string, optional bool) (found []string, problem string) {
	m := matcher{
		files: r.files, optional: optional, searched: func(name string) { r.noteSearched(name, link) },
		// Before 2.4.30 an optional pattern may match nothing, but its folder must be there.
		lenient: optional && r.config.ReleaseAtLeast(30) != False,
	}
	if !isPattern(name) {
		m.plain(name, 0)
	} else {
		m.pattern("/", strings.TrimLeft(name, "/"))
	}
	return m.found, m.problem
}

func (r *reader) link(l line) *Link {
	at := r.place(l)
	return &Link{Source: at.source, Directive: l.text, HTTPDLine: at.line, Unknown: r.unknown, Pos: at.pos()}
}

// noteSearched keeps the first Include that looked for something.
func (r *reader) noteSearched(name string, link *Link) {
	if r.config.Searched[name] == nil {
		r.config.Searched[name] = link
	}
}

// matcher walks folders as ap_dir_nofnmatch and ap_dir_fnmatch do.
type matcher struct {
	files    *files
	optional bool              // a pattern may match nothing
	lenient  bool              // files and folders that are named may be missing
	searched func(name string) // told of each folder, and of what is not there
	found    []string
	problem  string
}

// plain adds the file name, or all files in and below the folder name.
func (m *matcher) plain(name string, depth int) {
	if !m.files.isFolder(name) {
		if m.lenient && !m.files.exists(name) {
			m.searched(name)
		} else {
			m.found = append(m.found, name)
		}
		return
	}
	if depth++; depth > maxFolderDepth {
		m.problem = fmt.Sprintf("Include/IncludeOptional: Directory '%s' exceeds the maximum include directory nesting level of %d. "+
			"You have probably a recursion somewhere.", name, maxFolderDepth)
		return
	}
	for _, entry := range m.list(name) {
		if m.problem != "" {
			return
		}
		m.plainEntry(join(name, entry.Name()), entry, depth)
	}
}

// plainEntry is plain for the entry of a folder, whose kind is often known
// without asking again.
func (m *matcher) plainEntry(name string, entry fs.DirEntry, depth int) {
	if entry.Type().IsRegular() {
		m.found = append(m.found, name)
		return
	}
	m.plain(name, depth)
}

// pattern matches what follows the folder, part by part.
func (m *matcher) pattern(folder, rest string) {
	part, rest, inner := strings.Cut(rest, "/")
	if !isPattern(part) {
		if name := join(folder, part); inner {
			m.pattern(name, rest)
		} else {
			m.plain(name, 0)
		}
		return
	}
	entries := m.list(folder)
	if m.problem != "" {
		return
	}
	matched := false
	for _, entry := range entries {
		if m.problem != "" || !matchGlob(part, entry.Name(), globPeriod) || inner && !entry.IsDir() {
			continue
		}
		matched = true
		if name := join(folder, entry.Name()); inner {
			m.pattern(name, rest)
		} else {
			m.plainEntry(name, entry, 0)
		}
	}
	if !matched && !m.optional {
		m.problem = fmt.Sprintf("Include/IncludeOptional: No matches for the wildcard '%s' in '%s', failing", part, folder)
	}
}

func (m *matcher) list(folder string) []fs.DirEntry {
	m.searched(folder)
	entries, err := m.files.list(folder)
	if err != nil && (!m.lenient || m.files.exists(folder)) {
		m.problem = fmt.Sprintf("Include/IncludeOptional: Could not open directory %s: %s", folder, systemMessage(err))
	}
	return entries
}

// join is ap_make_full_path.
func join(folder, name string) string {
	if strings.HasSuffix(folder, "/") {
		return folder + name
	}
	return folder + "/" + name
}
