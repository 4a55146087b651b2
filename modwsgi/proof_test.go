package modwsgi_test

import (
	"fmt"
	"math"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// The tables are held against the real module of the last release of each
// series that still matters. What a row says of older releases was read from
// their sources, and is not proven here.
var proven = []string{"4.9.4", "5.0.2", "6.1.1"}

// eachRelease runs a test beside itself for every proven release; load is the
// configuration that loads its module.
func eachRelease(t *testing.T, test func(t *testing.T, r modwsgi.Release, load string)) {
	t.Parallel()
	forReleases(t, proven, test)
}

func forReleases(t *testing.T, numbers []string, test func(t *testing.T, r modwsgi.Release, load string)) {
	for _, number := range numbers {
		t.Run(number, func(t *testing.T) {
			t.Parallel()
			load := fmt.Sprintf("LoadModule wsgi_module %q\n", httpdtest.Module(t, number))
			test(t, modwsgi.MustParseRelease(number), load)
		})
	}
}

// accepts fails the test when httpd refuses a configuration. As httpd stops at
// the first line that it refuses, many lines that it should accept can be
// asked about at once.
func accepts(t *testing.T, load, configuration string) {
	t.Helper()
	if err := httpdtest.Check(load + configuration); err != nil {
		t.Errorf("refused: %v", err)
	}
}

// refuses fails the test when httpd accepts a configuration, or refuses it
// without saying any of the words given.
func refuses(t *testing.T, load, configuration string, words ...string) {
	t.Helper()
	err := httpdtest.Check(load + configuration)
	if err == nil {
		t.Errorf("accepted, should say %q:\n%s", words, configuration)
		return
	}
	said := func(words string) bool { return strings.Contains(err.Error(), words) }
	if !slices.ContainsFunc(words, said) {
		t.Errorf("should say %q: %v\n%s", words, err, configuration)
	}
}

// places are the contexts that "httpd -t" reads, as the lines around a
// directive.
var places = map[modwsgi.Context]string{
	modwsgi.ServerConfig: "%s\n",
	modwsgi.VirtualHost:  "<VirtualHost *:80>\n%s\n</VirtualHost>\n",
	modwsgi.PerDirectory: "<Directory />\n%s\n</Directory>\n",
}

// written is a directive as it stands in a configuration.
func written(d modwsgi.Directive) string {
	if d.Section {
		return fmt.Sprintf("<%s %s>\n</%s>", d.Name, d.Example, d.Name)
	}
	return d.Name + " " + d.Example
}

// here reports whether the modules under test have the directive: they are
// built for Apache 2.4 and Python 3, on a system with fork.
func here(d modwsgi.Directive) bool { return !strings.HasPrefix(d.Only, "builds for") }

func TestDirectivesAreAcceptedWhereTheTableSays(t *testing.T) {
	eachRelease(t, func(t *testing.T, r modwsgi.Release, load string) {
		var all strings.Builder
		for _, d := range modwsgi.Directives(r) {
			for place, lines := range places {
				if d.Name == "WSGIDaemonProcess" {
					d.Example = "in-" + strings.Fields(place.String())[0] // a name serves once
				}
				text := fmt.Sprintf(lines, written(d))
				switch {
				case !here(d):
				case d.Contexts.Has(place):
					all.WriteString(text)
				default:
					refuses(t, load, text, d.Name)
				}
			}
		}
		accepts(t, load, all.String())
	})
}

func TestDirectivesOfOtherReleasesAreRefused(t *testing.T) {
	eachRelease(t, func(t *testing.T, r modwsgi.Release, load string) {
		for _, d := range modwsgi.Directives(modwsgi.Release{}) {
			if d.Knows(r) && here(d) {
				continue
			}
			for place, lines := range places {
				if d.Contexts.Has(place) {
					refuses(t, load, fmt.Sprintf(lines, written(d)), "Invalid command")
					break
				}
			}
		}
	})
}

// mod_info lists what a module's command table holds.
var moduleDirectives = regexp.MustCompile(`<dd><tt>(?:&lt;)?(WSGI\w+)`)

func TestNoDirectiveIsMissing(t *testing.T) {
	eachRelease(t, func(t *testing.T, r modwsgi.Release, load string) {
		var want []string
		for _, d := range modwsgi.Directives(r) {
			if here(d) {
				want = append(want, d.Name)
			}
		}
		server := httpdtest.New(t)
		server.Start(load + "<Location /info>\nSetHandler server-info\n</Location>\n")
		_, page := server.Get("", "/info?mod_wsgi.c")
		var got []string
		for _, match := range moduleDirectives.FindAllStringSubmatch(page, -1) {
			got = append(got, match[1])
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
			t.Errorf("table (-) and module (+):\n%s\n%s", diff, page)
		}
	})
}

func TestHTAccessIsAsTheTableSays(t *testing.T) {
	eachRelease(t, func(t *testing.T, r modwsgi.Release, load string) {
		server := httpdtest.New(t)
		var configuration strings.Builder
		var asked []modwsgi.Directive
		for _, d := range modwsgi.Directives(r) {
			if !here(d) || d.Section {
				continue
			}
			asked = append(asked, d)
			for _, class := range []string{"FileInfo", "AuthConfig"} {
				folder := "htdocs/" + d.Name + "/" + class
				server.Write(folder+"/.htaccess", written(d)+"\n")
				server.Write(folder+"/page.txt", "fine")
				fmt.Fprintf(&configuration, "<Directory %q>\nAllowOverride %s\nRequire all granted\n</Directory>\n", server.Root+"/"+folder, class)
			}
		}
		server.Start(load + fmt.Sprintf("DocumentRoot %q\n", server.Root+"/htdocs") + configuration.String())
		for _, d := range asked {
			for _, class := range []string{"FileInfo", "AuthConfig"} {
				want := d.Contexts.Has(modwsgi.HTAccess) && d.Override == class
				status, _ := server.Get("", "/"+d.Name+"/"+class+"/page.txt")
				// A file with a directive that does not belong gives 500; one
				// with WSGIAccessScript gives 403, as the script is missing.
				if got := status != http.StatusInternalServerError; got != want {
					t.Errorf("%s in .htaccess with AllowOverride %s: status %d\n", d.Name, class, status)
				}
			}
		}
	})
}

// samples are values of each kind that any machine accepts.
var samples = map[modwsgi.Kind]string{
	modwsgi.Text:         "text",
	modwsgi.Count:        "3",
	modwsgi.Seconds:      "60",
	modwsgi.Milliseconds: "5",
	modwsgi.Interval:     "0.005",
	modwsgi.Bytes:        "1048576",
	modwsgi.Nice:         "-5",
	modwsgi.Octal:        "0027",
	modwsgi.OnOff:        "on",
	modwsgi.User:         "daemon",
	modwsgi.Group:        "daemon",
	modwsgi.Groups:       "daemon,bin",
	modwsgi.Locale:       "C.UTF-8",
	modwsgi.Path:         "/srv/app",
	modwsgi.Paths:        "/srv/app:/srv/lib",
}

func TestDaemonOptionsAreAcceptedAndRefusedAsTheTableSays(t *testing.T) {
	eachRelease(t, func(t *testing.T, r modwsgi.Release, load string) {
		var all strings.Builder
		for _, o := range modwsgi.DaemonOptions(modwsgi.Release{}) {
			line := fmt.Sprintf("WSGIDaemonProcess with-%s %s=%s\n", o.Name, o.Name, samples[o.Kind])
			switch {
			case !o.Knows(r):
				refuses(t, load, line, "Invalid option to WSGI daemon process definition")
			case o.Name == "chroot" && os.Getuid() != 0:
				refuses(t, load, line, "Cannot chroot")
			default:
				all.WriteString(line)
			}
		}
		accepts(t, load, all.String())
	})
}

func TestBoundsOfDaemonOptionsAreThoseOfTheModule(t *testing.T) {
	eachRelease(t, func(t *testing.T, r modwsgi.Release, load string) {
		var good strings.Builder
		for _, o := range modwsgi.DaemonOptions(r) {
			for _, value := range bounds(o) {
				line := fmt.Sprintf("WSGIDaemonProcess %s%d %s=%d\n", o.Name, value, o.Name, value)
				if o.Check(fmt.Sprint(value)) == nil {
					good.WriteString(line)
				} else {
					refuses(t, load, line, "WSGI daemon process.", "or 0 for")
				}
			}
		}
		accepts(t, load, good.String())
	})
}

// bounds are the numbers about which an option and the module could disagree.
func bounds(o modwsgi.DaemonOption) []int64 {
	values := []int64{0}
	if o.Least > 0 {
		values = append(values, o.Least-1, o.Least)
	}
	if o.Most > 0 && o.Most < math.MaxInt64 {
		values = append(values, o.Most, o.Most+1)
	}
	switch o.Kind {
	case modwsgi.Count, modwsgi.Seconds, modwsgi.Milliseconds, modwsgi.Bytes:
		slices.Sort(values)
		return slices.Compact(values)
	}
	return nil
}

// optionWord is what an option's name looks like among a module's strings.
var optionWord = regexp.MustCompile(`\x00([a-z]+(?:-[a-z]+)+)\x00`)

func TestNoDaemonOptionIsMissing(t *testing.T) {
	eachRelease(t, func(t *testing.T, r modwsgi.Release, load string) {
		module, err := os.ReadFile(httpdtest.Module(t, r.String()))
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, match := range optionWord.FindAllSubmatch(module, -1) {
			name := string(match[1])
			if _, err := modwsgi.LookupDaemonOption(name, r); err == nil {
				found++
				continue
			}
			refuses(t, load, fmt.Sprintf("WSGIDaemonProcess app %s=1\n", name), "Invalid option")
		}
		if found < 10 {
			t.Errorf("only %d known options among the strings of the module", found)
		}
	})
}

// withOptions is a directive as it stands in a configuration with options
// after its script.
func withOptions(d modwsgi.Directive, options string) string {
	d.Example = strings.TrimSpace(exampleOptions.ReplaceAllString(d.Example, "") + " " + options)
	if d.Contexts.Has(modwsgi.ServerConfig) {
		return written(d) + "\n"
	}
	return fmt.Sprintf(places[modwsgi.PerDirectory], written(d))
}

var exampleOptions = regexp.MustCompile(`\b[a-z-]+=.*`)

// required gives the options that a directive insists on, but for one.
func required(directive string, r modwsgi.Release, but string) string {
	var options strings.Builder
	for _, o := range modwsgi.ScriptOptions(directive, r) {
		if o.Required && o.Name != but {
			options.WriteString(o.Name + "=text ")
		}
	}
	return options.String()
}

func TestScriptOptionsAreAcceptedAndRefusedAsTheTableSays(t *testing.T) {
	values := map[string]string{}
	directives := map[string]bool{}
	for _, o := range modwsgi.ScriptOptions("", modwsgi.Release{}) {
		directives[o.Directive] = true
		values[o.Name] = samples[o.Kind]
	}
	values["interval"] = "0.5" // its least
	eachRelease(t, func(t *testing.T, r modwsgi.Release, load string) {
		load += "WSGIDaemonProcess text\n"
		var all strings.Builder
		for name := range directives {
			d, err := modwsgi.LookupDirective(name, r)
			if err != nil {
				continue
			}
			for option, value := range values {
				line := withOptions(d, required(d.Name, r, option)+option+"="+value)
				if _, err := modwsgi.LookupScriptOption(d.Name, option, r); err == nil {
					all.WriteString(line)
				} else {
					refuses(t, load, line, "Syntax error")
				}
			}
			for _, o := range modwsgi.ScriptOptions(d.Name, r) {
				if o.Required {
					refuses(t, load, withOptions(d, required(d.Name, r, o.Name)), "required")
				}
				if o.Least > 0 {
					low := fmt.Sprint(o.Least - 0.1)
					refuses(t, load, withOptions(d, o.Name+"="+low), "at least")
					if o.Refuses(low) == nil {
						t.Errorf("%s=%s is not refused", o.Name, low)
					}
				}
			}
		}
		accepts(t, load, all.String())
	})
}
