package installer

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

var lineDigest = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\s--hash[= ](\w+):([[:xdigit:]]+)`) })

// digestsOf are those that a line of a file of requirements allows, as
// "sha256:…". See pip's documentation, "Secure installs".
func digestsOf(line string) []string {
	var found []string
	for _, match := range lineDigest().FindAllStringSubmatch(line, -1) {
		found = append(found, strings.ToLower(match[1]+":"+match[2]))
	}
	return found
}

// checkDigest refuses a source other than the archives that constraints name by
// their digests; an empty digest is not known yet.
func (j installation) checkDigest(digest string) error {
	for _, b := range j.bounds {
		if digest == "" || len(b.digests) == 0 || slices.Contains(b.digests, "sha256:"+digest) {
			continue
		}
		err := fmt.Errorf("the SHA-256 of the archive, %s, is none of those that the constraint in %s allows", digest, b.from)
		if !j.Force {
			return fmt.Errorf("%w; have it name this one, if it is the one that was meant, or go on all the same (--force)", err)
		}
		j.warn(err.Error() + ".")
	}
	return nil
}
