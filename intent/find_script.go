package intent

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/trust"
)

// scriptPatterns are where frameworks and people put the script.
var scriptPatterns = []string{"wsgi.py", "*.wsgi", "*/wsgi.py", "*/*/wsgi.py", "app.py", "application.py", "main.py"}

// script is the one named, or the only one in the folder that makes an
// application.
func (p Project) script(folder string) (string, error) {
	if p.Script != "" {
		return filepath.Abs(p.Script)
	}
	for _, pattern := range scriptPatterns {
		found, err := fs.Glob(os.DirFS(folder), pattern) // the folder's own name is no pattern
		if err != nil {
			return "", err
		}
		for i, name := range found {
			found[i] = filepath.Join(folder, name)
		}
		if found, err = scripts(found); err != nil {
			return "", err
		}
		switch len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			return "", fmt.Errorf("which script? there is %s: name it with --script", strings.Join(found, ", "))
		}
	}
	return "", fmt.Errorf("no WSGI script in %s (looked for %s): name it with --script", folder, strings.Join(scriptPatterns, ", "))
}

// scripts are those of some files that make an application. One that may not be
// read could be the one.
func scripts(files []string) ([]string, error) {
	var made []string
	for _, file := range files {
		text, err := trust.ReadFile(file, scriptLimit)
		if errors.Is(err, fs.ErrPermission) {
			return nil, fmt.Errorf("look for the WSGI script: %w", err)
		}
		if err == nil && callableLine().Match(text) {
			made = append(made, file)
		}
	}
	return made, nil
}

// callableLine is how a script makes its application, at the outermost level.
var callableLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^(?:(application|app)\s*(?::[^=\n]+)?=|def (application|app)\(|from \S+ import .*\b(application|app)\b)`)
})

// callable is the name of the application in the script; empty for mod_wsgi's
// own default.
func callable(script string) string {
	names := map[string]bool{}
	for _, match := range callableLine().FindAllStringSubmatch(readOrEmpty(script), -1) {
		names[match[1]+match[2]+match[3]] = true
	}
	if names["app"] && !names["application"] {
		return "app"
	}
	return ""
}

// asgiLine is how a script makes an application that speaks ASGI.
var asgiLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^(application|app)\s*(?::[^=\n]+)?=\s*(?:\w+\.)*(FastAPI|Starlette|Quart|Litestar|Sanic|ProtocolTypeRouter|get_asgi_application)\(`)
})

// refuseASGI is an error for an application that mod_wsgi cannot run: Apache would
// take the site up, and answer each request with 500.
func refuseASGI(script, callable string) error {
	for _, match := range asgiLine().FindAllStringSubmatch(readOrEmpty(script), -1) {
		if match[1] == cmp.Or(callable, "application") {
			return fmt.Errorf("%s makes %s with %s, an ASGI application, which mod_wsgi cannot run: wrap it (a2wsgi.ASGIMiddleware) in a WSGI script and name that with --script, or serve it by an ASGI server", script, match[1], match[2])
		}
	}
	return nil
}

// scriptLimit bounds a script that is looked at, in bytes.
const scriptLimit = 1 << 20

func readOrEmpty(path string) string {
	text, err := trust.ReadFile(path, scriptLimit)
	if err != nil {
		return ""
	}
	return string(text)
}
