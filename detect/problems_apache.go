package detect

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/installed"
)

func onWindows(e *evidence) []Problem {
	if e.System.OS != "windows" {
		return nil
	}
	return one("this host runs Windows",
		"mod_wsgi has no daemon mode there, and wsgictl neither builds nor configures it",
		"use a Linux host, a container or WSL")
}

func noHTTPD(e *evidence) []Problem {
	if e.Apache != nil || e.apacheErr != nil || e.System.OS == "windows" {
		return nil
	}
	return one("no httpd was found on PATH or in the usual folders",
		"there is no server to load mod_wsgi into",
		e.packages.command(e.packages.HTTPD, "the Apache HTTP Server"))
}

func httpdFails(e *evidence) []Problem {
	if e.apacheErr == nil {
		return nil
	}
	remedy := e.packages.command(e.packages.HTTPD, "the Apache HTTP Server")
	if e.request.HTTPD != "" {
		remedy = "name a working httpd with --httpd PATH"
	}
	return one(e.apacheErr.Error(), "nothing is known of this Apache", remedy)
}

func appleHTTPD(e *evidence) []Problem {
	if e.Apache == nil || e.System.OS != "darwin" || e.Apache.Path != installed.AppleProgram {
		return nil
	}
	return one(installed.AppleProgram+" is the Apache that Apple ships",
		"it refuses modules that Apple did not sign, and has no apxs",
		e.packages.command(e.packages.HTTPD, "Homebrew's httpd"))
}

func noAPXS(e *evidence) []Problem {
	if e.Apache == nil || e.Apache.Headers != nil || e.apxsErr != nil {
		return nil
	}
	return one("no apxs was found beside "+e.Apache.Path+" or on PATH",
		"the mod_wsgi module cannot be built",
		e.packages.command(e.packages.APXS, "Apache's development package"))
}

func apxsFails(e *evidence) []Problem {
	if e.apxsErr == nil || (e.Apache != nil && e.Apache.Headers != nil) {
		return nil
	}
	remedy := e.packages.command(e.packages.APXS, "Apache's development package")
	if e.request.APXS != "" {
		remedy = "name a working apxs with --apxs PATH"
	}
	return one(e.apxsErr.Error(), "the mod_wsgi module cannot be built", remedy)
}

func apxsOfOther(e *evidence) []Problem {
	if e.Apache == nil || e.Apache.Headers == nil || e.Apache.Headers.Belongs {
		return nil
	}
	h := e.Apache.Headers
	cause := fmt.Sprintf("%s belongs to %s, not to %s", h.APXS, cmp.Or(h.HTTPD, "an httpd that is gone"), e.Apache.Path)
	major, _, _ := strings.Cut(e.Apache.MagicNumber, ":")
	if e.Same(h.HTTPD, e.Apache.Path) {
		cause = fmt.Sprintf("the headers of %s have the module magic number %s, %s has %s", h.APXS, h.MagicNumber, e.Apache.Path, major)
	}
	remedy := e.packages.command(e.packages.APXS, "Apache's development package")
	if e.Apache.Layout == installed.Source || e.request.HTTPD != "" || e.request.APXS != "" {
		remedy = "name the two that belong together: --httpd " + cmp.Or(h.HTTPD, "PATH") + " or --apxs " +
			filepath.Join(filepath.Dir(e.Apache.Path), "apxs")
	}
	return one(cause, "a module built with it may crash the server or be refused by it", remedy)
}

func noHTTPDHeaders(e *evidence) []Problem {
	if e.Apache == nil || e.Apache.Headers == nil || e.IsFile(filepath.Join(e.Apache.Headers.IncludeDir, "httpd.h")) {
		return nil
	}
	return one("httpd.h is not in "+cmp.Or(e.Apache.Headers.IncludeDir, "any folder that apxs names"),
		"the mod_wsgi module cannot be compiled",
		e.packages.command(e.packages.APXS, "Apache's development package"))
}

func noAPR(e *evidence) []Problem {
	if e.Apache == nil || e.Apache.Headers == nil {
		return nil
	}
	h := e.Apache.Headers
	for _, word := range h.CFlags {
		if dir, found := strings.CutPrefix(word, "-I"); found && e.IsFile(filepath.Join(dir, "apr.h")) {
			return nil
		}
	}
	if e.IsFile(filepath.Join(h.IncludeDir, "apr.h")) {
		return nil
	}
	return one(fmt.Sprintf("apr.h is in no folder that apxs or %s names", cmp.Or(h.APRConfig, "apr-1-config")),
		"the mod_wsgi module cannot be compiled",
		e.packages.command(e.packages.APXS, "the development packages of APR and APR-util"))
}

func noCompiler(e *evidence) []Problem {
	if e.Apache == nil || e.Apache.Headers == nil {
		return nil
	}
	words := strings.Fields(e.Apache.Headers.CC)
	if e.Python != nil {
		words = append(words[:min(1, len(words))], strings.Fields(e.Python.CC)...)
	}
	tried := []string{}
	for _, word := range append(words, "gcc", "cc", "clang") {
		if strings.HasPrefix(word, "-") {
			continue
		}
		if (filepath.IsAbs(word) && e.IsProgram(word)) || e.hasProgram(word) {
			return nil
		}
		tried = appendNew(tried, word)
	}
	return one("no C compiler: none of "+strings.Join(tried, ", ")+" is on PATH",
		"the mod_wsgi module cannot be built",
		e.packages.command(e.packages.Compiler, "a C compiler"))
}
