package trust

import (
	"context"
	"errors"
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
		got := HowEnded(c.ctx, exec.Command("/bin/sh", "-c", c.script).Run())
		if got.Error() != want || !errors.As(got, new(*exec.ExitError)) || c.ctx.Err() != nil && !errors.Is(got, c.ctx.Err()) {
			t.Errorf("%q, want %q, with the error of the command and of its context", got, want)
		}
	}
}
