package system

import "strings"

// lineBlock is a line in a file of somebody else's, with what it is for.
func lineBlock(line string) string {
	return "# For the sites that wsgictl manages.\n" + line + "\n"
}

// withLine is a file with the line at its end, where it is not in it yet.
func withLine(file Entry, line string) Entry {
	content := string(file.content)
	if file.Kind != File || strings.Contains(content, lineBlock(line)) {
		return file
	}
	if content != "" && !strings.HasSuffix(content, "\n") {
		content += "\n"
	}
	return file.withContent(content + lineBlock(line))
}

// withoutLine is a file without the line: the very file that it was, unless
// somebody else changed it meanwhile.
func withoutLine(file Entry, last Managed) Entry {
	if file.Kind != File {
		return file
	}
	before := strings.Replace(string(file.content), lineBlock(last.Line), "", 1)
	if unended := strings.TrimSuffix(before, "\n"); digest([]byte(unended)) == last.Original.Digest {
		before = unended
	}
	return file.withContent(before)
}

// withContent is the file with another content, and the same owner and mode.
func (e Entry) withContent(content string) Entry {
	e.content, e.Digest = []byte(content), digest([]byte(content))
	return e
}
