package system

import (
	"fmt"
	"regexp"
	"sync"

	"github.com/wsgictl/wsgictl/store"
)

// firstLine begins each file that wsgictl manages, in Apache's configuration
// as in Python.
const firstLine = "# Managed by wsgictl%s: change wsgictl.toml and run \"wsgictl apply\". sha256:%s\n"

// withFirstLine puts before a content that it is managed, and its digest, by
// which anybody can tell whether it was edited since.
func withFirstLine(content, remark string) []byte {
	return fmt.Appendf(nil, firstLine+"%s", remark, store.Digest([]byte(content)), content)
}

var firstLinePattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^# Managed by wsgictl[^\n]*sha256:([0-9a-f]{64})\n`) })

// withoutFirstLine is the content below the first line, if there is one.
func withoutFirstLine(content []byte) string {
	return string(content[len(firstLinePattern().Find(content)):])
}

// isManaged tells by its first line that a file is wsgictl's, also where what wsgictl
// remembers of it is lost; isUnedited, that it is as wsgictl wrote it.
func isManaged(file store.PathState) bool {
	return file.Kind == store.File && firstLinePattern().Match(file.Content)
}

func isUnedited(file store.PathState) bool {
	match := firstLinePattern().FindSubmatch(file.Content)
	return file.Kind == store.File && match != nil && string(match[1]) == store.Digest(file.Content[len(match[0]):])
}
