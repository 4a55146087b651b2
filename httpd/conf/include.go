package conf

import (
	"fmt"
	"io/fs"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

const (
	maxIncludeDepth = 128 // server/core.c: AP_MAX_INCLUDE_DEPTH
	maxFolderDepth  = 128 // server/util.c: AP_MAX_FNMATCH_DIR_DEPTH
	maxPattern      = 4 * unix.PathMax
)

// include carries out Include and IncludeOptional (include_config). What
// cannot be included stops httpd at this line.
func (r *reader) include(args string, l line, optional bool) {
	at := r.place(l)
	if r.depth++; r.depth > maxIncludeDepth {
		r.stop(at, fmt.Sprintf("Exceeded maximum include depth of %d, There appears to be a recursion.", maxIncludeDepth))
	}
	defer func() { r.depth-- }()
	name, _ := Word(args)
	if HasMark(name) {
		r.noteUnread(r.link(l))
		return
	}
	if r.stopped || !r.grow(at, linkCost+len(at.source.Name), "the Include of", name) {
		return
	}
	link := r.link(l)
	matches, problem := r.match(at, link, r.relative(name), optional)
	if r.stopped {
		return
	}
	r.includeLine = int(at.last)
	if len(matches) == 0 {
		r.mayHoldMore[r.open] = true // of another host, at least
	}
	r.files.fetch(matches)
	for _, match := range matches {
		file, readError := r.files.get(match.name)
		if readError != nil {
			r.noteSearched(match.name, link)
			r.reportUnreadable(at, link, match.name, readError)
			return
		}
		if !r.admit(at, file) {
			return
		}
		r.readFile(file, link)
	}
	if problem != "" {
		r.reportInclude(at, link, problem)
	}
}

// admit notes that a file is read, and tells whether reading goes on. Only what
// was read before adds to what is written, whatever the name it has now.
func (r *reader) admit(at place, file *File) bool {
	if file.content.counted == r.budget {
		lines := strings.Count(file.Source, "\n") + 1
		return r.grow(at, len(file.Source)+lines*lineCost+linkCost, "reading once more", file.Name)
	}
	file.content.counted = r.budget
	r.budget.written += len(file.Source)
	return true
}

// reportUnreadable reports a file that cannot be read. What is there, and no
// text of bearable size, is an error in a part of a configuration as well.
func (r *reader) reportUnreadable(at place, link *Link, name string, err error) {
	message := fmt.Sprintf("Could not open configuration file %s: %s", name, systemMessage(err))
	if !isRefused(err) {
		r.reportInclude(at, link, message)
		return
	}
	r.noteUnread(link)
	r.report(Error, at, message)
}

// reportInclude reports a file that is not there. In a part of a configuration
// this means only that what it holds is not known; of another host it is told
// once, with all else that is not here.
func (r *reader) reportInclude(at place, link *Link, message string) {
	r.noteUnread(link)
	switch {
	case r.config.IsOfAnotherHost():
		_, name := splitName(link.Directive)
		r.config.another.includes = append(r.config.another.includes, name)
		r.modules.becomeOpen()
	case r.modules.complete && r.unknown == nil:
		r.reportFault(at, fault{message, "Put there what it names, or correct the name."})
	default:
		r.report(Warning, at, message)
	}
}

// match gives the files that an include brings, in Apache's order, and what is
// wrong with it; the files found before that are included all the same.
func (r *reader) match(at place, link *Link, name string, optional bool) (found []match, problem string) {
	m := matcher{
		reader: r, at: at, link: link, optional: optional,
		// Before 2.4.30 an optional pattern may match nothing, but its folder must be there.
		lenient: optional && r.config.ReleaseAtLeast(30) != expr.False,
	}
	switch {
	case len(name) > maxPattern:
		m.problem = fmt.Sprintf("Could not open configuration file %.100s...: %s", name, systemMessage(unix.ENAMETOOLONG))
	case expr.IsPattern(name):
		m.pattern("/", strings.TrimLeft(name, "/"))
	default:
		m.plain(name, 0)
	}
	return m.found, m.problem
}

func (r *reader) link(l line) *Link {
	at := r.place(l)
	return &Link{Source: at.source, Directive: Written(l.text), HTTPDLine: int(at.last), Unknown: r.unknown, Pos: at.pos()}
}

// noteUnread notes that what stands at a line is not known.
func (r *reader) noteUnread(link *Link) {
	r.config.Unread = append(r.config.Unread, link)
	r.mayHoldMore[r.open] = true
}

// noteSearched keeps the first Include that looked for something.
func (r *reader) noteSearched(name string, link *Link) {
	if r.config.Searched[name] == nil {
		r.config.Searched[name] = link
	}
}

// matcher walks folders as ap_dir_nofnmatch and ap_dir_fnmatch do.
type matcher struct {
	*reader
	at       place
	link     *Link
	optional bool // a pattern may match nothing
	lenient  bool // files and folders that are named may be missing
	found    []match
	problem  string
}

// plain adds the file name, or all files in and below the folder name.
func (m *matcher) plain(name string, depth int) {
	if !m.files.isFolder(name) {
		if m.lenient && !m.files.exists(name) {
			m.noteSearched(name, m.link)
		} else {
			m.add(match{name: name})
		}
		return
	}
	if depth++; depth > maxFolderDepth {
		m.problem = fmt.Sprintf("Include/IncludeOptional: Directory '%s' exceeds the maximum include directory nesting level of %d. "+
			"You have probably a recursion somewhere.", name, maxFolderDepth)
		return
	}
	for _, entry := range m.list(name, "") {
		if m.problem != "" || m.stopped {
			return
		}
		m.plainEntry(join(name, entry.Name()), entry, depth)
	}
}

// plainEntry is plain for the entry of a folder, whose kind is often known
// without asking again.
func (m *matcher) plainEntry(name string, entry fs.DirEntry, depth int) {
	if entry.Type().IsRegular() {
		m.add(match{name, true})
		return
	}
	m.plain(name, depth)
}

func (m *matcher) add(found match) {
	if m.grow(m.at, len(found.name), "the Include of", found.name) {
		m.found = append(m.found, found)
	}
}

// pattern matches what follows the folder, part by part.
func (m *matcher) pattern(folder, rest string) {
	part, rest, inner := strings.Cut(rest, "/")
	if !expr.IsPattern(part) {
		if name := join(folder, part); inner {
			m.pattern(name, rest)
		} else {
			m.plain(name, 0)
		}
		return
	}
	entries := m.list(folder, part)
	if m.problem != "" || m.stopped {
		return
	}
	matched := false
	for _, entry := range entries {
		if m.problem != "" || m.stopped || !expr.MatchGlob(part, entry.Name(), expr.GlobPeriod) || inner && !entry.IsDir() {
			continue
		}
		matched = true
		if name := join(folder, entry.Name()); inner {
			m.pattern(name, rest)
		} else {
			m.plainEntry(name, entry, 0)
		}
	}
	if !matched && !m.optional && !m.stopped {
		m.problem = fmt.Sprintf("Include/IncludeOptional: No matches for the wildcard '%s' in '%s', failing", part, folder)
	}
}

// list gives the entries of a folder, which are to be compared with a pattern.
func (m *matcher) list(folder, pattern string) []fs.DirEntry {
	m.noteSearched(folder, m.link)
	entries, err := m.files.list(folder)
	if err != nil && (!m.lenient || m.files.exists(folder)) {
		m.problem = fmt.Sprintf("Include/IncludeOptional: Could not open directory %s: %s", folder, systemMessage(err))
	}
	if !m.grow(m.at, folderCost+len(folder)+len(entries)*(entryCost+len(pattern)), "looking through", folder) {
		return nil
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
