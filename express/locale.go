package express

import (
	"cmp"
	"context"
	"fmt"

	"github.com/wsgictl/wsgictl/detect"
)

// chooseLocale takes the one asked for, the shell's, or, where that is C, a
// UTF-8 one: with C, Python cannot print or open names beyond ASCII.
func chooseLocale(ctx context.Context, o Environment, caller Caller) (string, notes, error) {
	var said notes
	asked := cmp.Or(o.Locale, o.Lang)
	if asked == "" {
		for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
			if asked = caller.env(name); asked != "" {
				break
			}
		}
		if asked != "" && !detect.HasLocale(ctx, asked) {
			said = note("locale %s of the shell is not installed here: C.UTF-8 is used", asked)
			asked = ""
		}
	}
	if asked == "" || oneOf(asked, "C", "POSIX") {
		asked = "C.UTF-8"
	}
	if !detect.HasLocale(ctx, asked) {
		return "", nil, fmt.Errorf("--locale %s: not installed on this host; C.UTF-8 is, or see locale -a", asked)
	}
	return asked, said, nil
}
