package system

import (
	"strings"

	"github.com/wsgictl/wsgictl/store"
)

// lineBlock is a line in a file of somebody else's, with what it is for.
func lineBlock(line string) string {
	return "# For the sites that wsgictl manages.\n" + line + "\n"
}

// withLine is a file with the line at its end, where it is not in it yet.
func withLine(file store.PathState, line string) store.PathState {
	content := string(file.Content)
	if file.Kind != store.File || strings.Contains(content, lineBlock(line)) {
		return file
	}
	if content != "" && !strings.HasSuffix(content, "\n") {
		content += "\n"
	}
	return file.WithContent(content + lineBlock(line))
}

// withoutLine is a file without the line: the very file that it was, unless
// somebody else changed it meanwhile.
func withoutLine(file store.PathState, last Managed) store.PathState {
	if file.Kind != store.File {
		return file
	}
	before := strings.Replace(string(file.Content), lineBlock(last.Line), "", 1)
	if unended := strings.TrimSuffix(before, "\n"); store.Digest([]byte(unended)) == last.Original.Digest {
		before = unended
	}
	return file.WithContent(before)
}
