package modwsgi

import "fmt"

// lastOfLine are the newest releases of each line.
var lastOfLine = map[string]string{"4": "4.9.4", "5": "5.0.2", "6": Newest.String()}

// ParseLine reads a release, or the number of a line for its newest release. Of a line
// that is newer than all that are known nothing could be told.
func ParseLine(text string) (Release, error) {
	if last, ok := lastOfLine[text]; ok {
		text = last
	}
	release, err := ParseRelease(text)
	if err == nil && !release.IsOfKnownLine() {
		err = fmt.Errorf("--mod-wsgi %s: no line of mod_wsgi that is known here: want 4, 5 or 6, or a release such as %s", text, Newest)
	}
	return release, err
}
