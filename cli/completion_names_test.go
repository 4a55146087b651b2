package cli

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/posener/complete"
)

// In a folder of somebody else's, a name is not to become a command of whoever
// presses the tab key there.
func TestCompletionOffersNamesThatMeanThemselves(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"wsgictl.toml", "größe_1,2+3@4=5:6%.toml", "$(reboot).toml", "`reboot`", "a;reboot", "a\nb", "a b", "\x1b[2J", "a&", "a>b"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	for _, path := range predictPaths("FILE").Predict(complete.Args{Last: dir + "/"}) {
		names = append(names, filepath.Base(path))
	}
	names = append(names, predictNames(complete.PredictSet("--trust=alice")).Predict(complete.Args{})...)
	slices.Sort(names)
	if want := []string{"größe_1,2+3@4=5:6%.toml", "wsgictl.toml"}; !slices.Equal(slices.DeleteFunc(names, func(n string) bool { return n == filepath.Base(dir) }), want) {
		t.Errorf("offered: %q", names)
	}
}
