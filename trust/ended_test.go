package trust

import (
	"context"
	"os/exec"
	"testing"
	"time"
)

func TestHowACommandEndedIsSaidInWords(t *testing.T) {
	t.Parallel()
	ended, end := context.WithCancel(t.Context())
	end()
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	for want, c := range map[string]struct {
		ctx    context.Context
		script string
	}{
		"exit code 3":                            {t.Context(), "exit 3"},
		"it was stopped by SIGKILL":              {t.Context(), "kill -9 $$"},
		"it was stopped, since wsgictl was":      {ended, "exit 3"},
		"it was stopped, since it took too long": {late, "exit 3"},
	} {
		if got := HowEnded(c.ctx, exec.Command("/bin/sh", "-c", c.script).Run()); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
