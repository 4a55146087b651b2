package repository

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
)

// TestIgnoresAsGitDoes makes up .gitignore files, and asks git about each path
// that has no ignored folder above it.
func TestIgnoresAsGitDoes(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		needtest.Missing(t, "%v", err)
	}
	folder := t.TempDir()
	run(t, nil, "git", "init", "-q", folder)
	paths := []string{
		"a", "b", "ab", "a b", "a.conf", "b.conf", "#a", "!a", "a\\", "a ", "d/a", "d/b", "d/a.conf", "d/e/a", "d/e/b.conf", "d/e/f/a.conf",
		"e/a", "e/d/a", "f/d/e/a", "A.conf", "[a]", "a-b", "a]b", "1.conf", "d/[a]", ".a", "d/.a", "x y", "a*", "a?b",
	}
	for _, path := range paths {
		name := filepath.Join(folder, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, nil, 0o644)); err != nil && !errors.Is(err, os.ErrExist) {
			t.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(7, 7))
	words := []string{
		"a", "b", "d", "e", "f", "*", "**", "/", "/", "/", ".conf", "?", "[ab]", "[!a]", "[^a-c]", "[a", "[]a]", "[[:alpha:]]", "[[:digit:]]", "[[:x:]]",
		`\a`, `\#`, `\!`, "!", "#", " ", `\ `, `\`, "-", "[a-]", `[\]]`, ".", "x", "*.conf", "**/", "/**", "A", "é", `\*`, "\r",
	}
	ignoredInAll := 0
	for range 120 {
		var text strings.Builder
		for range 1 + random.IntN(4) {
			for range 1 + random.IntN(5) {
				text.WriteString(words[random.IntN(len(words))])
			}
			text.WriteString("\n")
		}
		if err := os.WriteFile(filepath.Join(folder, ".gitignore"), []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		list := readIgnores(text.String())
		told := askGit(t, folder, paths)
		ignoredInAll += len(told)
		for _, path := range paths {
			if ignored := isIgnored(list, path); ignored != told[path] {
				t.Errorf("%q: of %q git says %v, and this says %v", text.String(), path, told[path], ignored)
			}
		}
	}
	if ignoredInAll < 500 {
		t.Errorf("git ignores only %d paths: the patterns fit nothing", ignoredInAll)
	}
}

// TestIgnoresMayBeWrittenToBeSlow has patterns that would take hours, if each
// character of a set were looked at up to the end of the line.
func TestIgnoresMayBeWrittenToBeSlow(t *testing.T) {
	t.Parallel()
	long := "[" + strings.Repeat("[:", maxPattern/2-10) + "x]\n"
	list := readIgnores(strings.Repeat(long, 50) + "*[" + strings.Repeat("a", 1<<20) + "]\n*.conf\n")
	if len(list) != 51 {
		t.Errorf("%d patterns: one is longer than any path", len(list))
	}
	for range 2000 {
		if !isIgnored(list, "a.conf") || isIgnored(list, "a.txt") {
			t.Fatal("*.conf counts")
		}
	}
}

func isIgnored(list ignores, path string) bool {
	parts := strings.Split(path, "/")
	for n := range parts {
		if ignored, _ := list.decide(parts[:n+1], n < len(parts)-1); ignored {
			return true
		}
	}
	return false
}

// askGit tells which of the paths git ignores.
func askGit(t *testing.T, folder string, paths []string) map[string]bool {
	t.Helper()
	output := run(t, []byte(strings.Join(paths, "\x00")+"\x00"), "git", "-C", folder, "-c", "core.excludesFile=/dev/null", "-c", "core.ignoreCase=false",
		"check-ignore", "--no-index", "-z", "--stdin")
	told := map[string]bool{}
	for path := range strings.SplitSeq(string(output), "\x00") {
		told[path] = true
	}
	return told
}

func run(t *testing.T, input []byte, words ...string) []byte {
	t.Helper()
	command := exec.Command(words[0], words[1:]...)
	command.Stdin = bytes.NewReader(input)
	output, err := command.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) { // 1: none is ignored
		t.Fatalf("%v: %v", words, err)
	}
	return output
}
