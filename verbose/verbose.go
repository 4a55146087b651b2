// Package verbose tells what a command does on its way, where its caller has asked
// for it by the context: which programs it starts, and which files decide.
package verbose

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

type teller struct{}

// Into makes what is done with the context be told, a line at a time and by one
// goroutine at a time.
func Into(ctx context.Context, tell func(line string)) context.Context {
	var one sync.Mutex
	return context.WithValue(ctx, teller{}, func(line string) {
		one.Lock()
		defer one.Unlock()
		tell(line)
	})
}

// File tells which file decides something, as in "settings: /etc/wsgictl/shop.toml".
func File(ctx context.Context, decides, path string) {
	tell(ctx, decides+": "+path)
}

// Start tells that a program starts whose end nobody tells: one that takes the
// place of wsgictl, or runs for as long as it is wanted.
func Start(ctx context.Context, words ...string) { tell(ctx, "starts "+commandLine(words)) }

// Run runs a program, and tells its arguments when it starts, so that one which hangs
// is seen; then how long it took and, where it failed, how it ended. The error is that
// of [exec.Cmd.Run].
func Run(ctx context.Context, command *exec.Cmd) error {
	return RunAs(ctx, "", append([]string{command.Path}, command.Args[1:]...), command)
}

// RunAs is Run for a child that runs the program of these words as another account.
func RunAs(ctx context.Context, account string, words []string, child *exec.Cmd) error {
	what := commandLine(words)
	if account != "" {
		what += " as " + account
	}
	tell(ctx, "starts "+what)
	begin := time.Now()
	err := child.Run()
	line := fmt.Sprintf("ran %s (%.3f s)", what, time.Since(begin).Seconds())
	if err != nil {
		line += ": " + err.Error()
	}
	tell(ctx, line)
	return err
}

// CombinedOutput is Run, and gives what the program wrote to both its streams.
func CombinedOutput(ctx context.Context, command *exec.Cmd) ([]byte, error) {
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	err := Run(ctx, command)
	return output.Bytes(), err
}

func tell(ctx context.Context, line string) {
	if say, asked := ctx.Value(teller{}).(func(string)); asked {
		say(strings.ReplaceAll(line, "\n", `\n`)) // a name with a newline makes no line of its own
	}
}

// commandLine shows words as one would type them, and no whole script among them.
func commandLine(words []string) string {
	shown := make([]string, len(words))
	for i, word := range words {
		switch {
		case strings.Contains(word, "\n"):
			shown[i] = "..."
		case word == "" || strings.ContainsAny(word, " \t\"'\\$`;&|<>()*?") || strconv.Quote(word) != `"`+word+`"`:
			shown[i] = strconv.Quote(word)
		default:
			shown[i] = word
		}
	}
	return strings.Join(shown, " ")
}
