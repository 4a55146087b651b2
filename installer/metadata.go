package installer

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/trust"
)

// metadata is the text of a distribution's core metadata.
type metadata []byte

// metadata is the PKG-INFO that released archives carry; a tree without it,
// such as a checkout, gets the least that is valid.
func (t tree) metadata() (metadata, error) {
	text, err := trust.ReadFile(filepath.Join(t.dir, "PKG-INFO"), maxArchiveSize)
	if err == nil {
		return text, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	text = fmt.Appendf(nil, "Metadata-Version: 2.1\nName: mod_wsgi\nVersion: %s\nSummary: Installer for Apache/mod_wsgi.\n", t.release)
	if wanted := t.requiresPython(); wanted != "" {
		text = fmt.Appendf(text, "Requires-Python: %s\n", wanted)
	}
	return text, nil
}

var pythonRequires = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`python_requires\s*=\s*'([^']+)'`) })

// requiresPython is what setup.py says; empty when it says nothing.
func (t tree) requiresPython() string {
	text, err := trust.ReadFile(filepath.Join(t.dir, "setup.py"), maxArchiveSize)
	if err != nil {
		return ""
	}
	if match := pythonRequires().FindSubmatch(text); match != nil {
		return string(match[1])
	}
	return ""
}

// field is the first value of a header field, empty when there is none.
func (m metadata) field(name string) string {
	for line := range bytes.Lines(m) {
		text := strings.TrimRight(string(line), "\r\n")
		if text == "" {
			return "" // the description follows
		}
		if value, ok := strings.CutPrefix(text, name+": "); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

var separators = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[-_.]+`) })

// distribution is the name as file names have it.
func (m metadata) distribution() string {
	return separators().ReplaceAllString(m.field("Name"), "_")
}
