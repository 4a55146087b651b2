package wsgi_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
	"github.com/wsgictl/wsgictl/wsgi/wsgitest"
)

// TestVerdictIsWhatApacheDoes generates configurations, has the real module of
// two releases serve each, and holds what the application saw, or the code in
// the log, against the prediction. WSGICTL_SOAK is the number of
// configurations, WSGICTL_SEED the seed to repeat.
func TestVerdictIsWhatApacheDoes(t *testing.T) {
	t.Parallel()
	count := number("WSGICTL_SOAK", 320)
	seed := uint64(number("WSGICTL_SEED", 1)) // the same each time, so that no change fails by chance
	if os.Getenv("WSGICTL_SOAK") != "" && os.Getenv("WSGICTL_SEED") == "" {
		seed = uint64(time.Now().UnixNano() % 1_000_000)
	}
	for _, release := range []string{"4.9.4", modwsgi.Newest.String()} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			for batch := 0; batch*batchSize < count; batch++ {
				b := wsgitest.NewBatch(t, release, seed, batch, min(batchSize, count-batch*batchSize))
				proveBatch(t, b)
			}
		})
	}
}

// batchSize is the number of configurations that one server serves.
const batchSize = 80

func number(variable string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		return n
	}
	return otherwise
}

func proveBatch(t *testing.T, b *wsgitest.Batch) {
	b.Server.Start(b.Configuration)
	config, err := conf.Read(b.Server.Root+"/httpd.conf", conf.Options{Modules: []conf.Module{wsgi.Module(modwsgi.Release{})}, Static: b.Server.BuiltIn()})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range config.Errors() {
		t.Errorf("%s: httpd accepts what is reported here: %v", b.Label, d)
	}
	view := wsgi.Look(config, modwsgi.Release{}, nil)
	anonymous, asUser := b.Ask(t), b.AskAsUser(t)
	inventory := newListed(view)
	kinds, statusless, withoutUser := map[wsgi.Mode]int{}, 0, 0
	for i, probe := range b.URLs {
		url := probe.URL()
		answer, err := view.Serving(url)
		if err != nil {
			t.Fatal(err)
		}
		kinds[modeOf(answer)]++
		if problem := inventory.missing(answer, asUser[i]); problem != "" {
			t.Errorf("%s: GET %s is not in the inventory: %s\n%s", b.Label, url, problem, b.Excerpt(probe.Host))
		}
		if answer.Application == nil && answer.Status == 0 && !isOfProxy(answer) {
			statusless++
		}
		if modeOf(answer) == wsgi.Dynamic {
			t.Logf("%s: %s is dynamic: %s\n%s", b.Label, url, answer.Application.Reason, b.HostsNamed(probe.Host))
			continue
		}
		if problem := compare(answer, asUser[i]); problem != "" {
			t.Errorf("%s: GET %s as a user: %s\n%s", b.Label, url, problem, b.Excerpt(probe.Host))
		}
		if answer.Anonymous != nil {
			answer = *answer.Anonymous
			withoutUser++
		}
		if problem := compare(answer, anonymous[i]); problem != "" {
			t.Errorf("%s: GET %s: %s\n%s", b.Label, url, problem, b.Excerpt(probe.Host))
		}
	}
	checkInventory(t, b, view, inventory)
	inventory.log(t, b.Label)
	t.Logf("%s: %v, %d without a status, %d ask for a user", b.Label, kinds, statusless, withoutUser)
	if kinds[wsgi.Dynamic]*100 > len(b.URLs) || statusless*100 > len(b.URLs) {
		t.Errorf("%s: of %d verdicts %d are dynamic, and %d have no status", b.Label, len(b.URLs), kinds[wsgi.Dynamic], statusless)
	}
	b.Server.Stop()
}

// checkInventory holds the inventory against the answer for the URL of the mount point
// of each script alias to a file, which is held against the server.
func checkInventory(t *testing.T, b *wsgitest.Batch, view *wsgi.View, inventory *listed) {
	held := 0
	for _, a := range view.Applications {
		if a.Alias == nil || a.Alias.IsMatch || a.Mount != a.Alias.URLPath || !strings.HasSuffix(a.Script, ".wsgi") || len(a.Server.Addresses) == 0 {
			continue
		}
		url := fmt.Sprintf("http://%s:%d%s", a.Server.Name, a.Server.Addresses[0].Port, a.Mount)
		answer, err := view.Serving(url)
		if err != nil {
			t.Fatal(err)
		}
		other := answer.Application
		if other == nil || other.Via != a.Via || other.Mode == wsgi.Dynamic || isOfHtaccess(other) {
			continue
		}
		held++
		if agrees, isOpen := inventory.has(answer.Server, other); !agrees && !isOpen {
			t.Errorf("%s: the inventory has no entry for %s, which is %s %s %q\n%s", b.Label, url, other.Mode, other.Error, other.ProcessGroup, b.Excerpt(a.Server.Name))
		}
	}
	if held == 0 {
		t.Errorf("%s: no entry of the inventory is one of those that were asked for", b.Label)
	}
}

func modeOf(answer wsgi.Answer) wsgi.Mode {
	if answer.Application == nil {
		return wsgi.None
	}
	return answer.Application.Mode
}

// compare tells how a prediction and what was seen differ; "" where they agree.
func compare(answer wsgi.Answer, s wsgitest.Seen) string {
	a := answer.Application
	switch {
	case a == nil:
		return compareWithout(answer, s)
	case isMissing(a, s):
		return "" // a script that an alias names need not be here
	case a.Mode == wsgi.Refused:
		if code := audit500(s.Log); code != a.Error { // what an ErrorDocument of the refusal answers is another matter
			return fmt.Sprintf("predicted refusal %s, got status %d %s %v %s", a.Error, s.Status, code, s.Body, s.Log)
		}
	case s.Body == nil:
		return fmt.Sprintf("predicted %s %q of %s, got status %d %s", a.Mode, a.ProcessGroup, a.Script, s.Status, s.Log)
	case s.Body[0] != a.ProcessGroup || (a.ProcessGroup == "") != (a.Mode == wsgi.Embedded):
		return fmt.Sprintf("predicted %s %q, ran in %q", a.Mode, a.ProcessGroup, s.Body[0])
	case s.Body[1] != a.ApplicationGroup:
		return fmt.Sprintf("predicted application group %q, ran in %q", a.ApplicationGroup, s.Body[1])
	case s.Body[2] != a.ScriptName():
		return fmt.Sprintf("predicted SCRIPT_NAME %q, ran with %q", a.ScriptName(), s.Body[2])
	case s.Body[3] != a.Script:
		return fmt.Sprintf("predicted script %s, ran %s", a.Script, s.Body[3])
	}
	return ""
}

// compareWithout is compare where no application is to answer.
func compareWithout(answer wsgi.Answer, s wsgitest.Seen) string {
	if s.Body != nil || audit500(s.Log) != "" {
		return fmt.Sprintf("predicted no application (%s), got %v %s", answer.Reason, s.Body, s.Log)
	}
	var agrees bool
	switch {
	case answer.Status != 0:
		agrees = s.Status == answer.Status
	case answer.Reason == request.Ending{Kind: request.UnseenFile}:
		agrees = s.Status == http.StatusOK || s.Status == http.StatusNotFound && isElsewhere(s)
	default:
		agrees = true // what is not known is counted
	}
	if !agrees {
		return fmt.Sprintf("predicted status %d (%s), got %d %s", answer.Status, answer.Reason, s.Status, s.Log)
	}
	return ""
}

// isOfProxy tells an answer that another server gives.
func isOfProxy(answer wsgi.Answer) bool {
	taken, ok := answer.Reason.(wsgi.TakenBefore)
	return ok && strings.HasPrefix(taken.By.Name, "Proxy")
}

// isElsewhere tells that a file was asked for whose folder is not here, so that
// nobody can tell whether it is there.
func isElsewhere(s wsgitest.Seen) bool {
	_, name, ok := strings.Cut(s.Log, "File does not exist: ")
	_, err := os.Stat(filepath.Dir(name))
	return ok && err != nil
}

// isMissing tells that mod_wsgi took the request and did not find the script of the
// application, which is not here. An ErrorDocument may answer then, of which the log
// may tell the same.
func isMissing(a *wsgi.Application, s wsgitest.Seen) bool {
	return slices.ContainsFunc(lookedFor(s.Log), func(target string) bool {
		_, err := os.Stat(target)
		return err != nil && isScriptOf(a, target)
	})
}

// isScriptOf tells whether mod_wsgi looks for the script of an application by that
// name: an alias that ends in a slash, of a script that does not, puts the rest of the
// URL behind it.
func isScriptOf(a *wsgi.Application, target string) bool {
	isOpen := a.Alias != nil && strings.HasSuffix(a.Alias.URLPath, "/") && !strings.HasSuffix(a.Alias.Target, "/")
	return target == a.Script || isOpen && strings.HasPrefix(target, a.Script)
}

// notFound is how 6.x and 4.9.4 name a script that they did not find.
var notFound = regexp.MustCompile(`(?m)\[script ([^\]\n]*)\] WSGI0135|Target WSGI script not found or unable to stat: (.*)$`)

// lookedFor are the scripts that mod_wsgi did not find.
func lookedFor(log string) (scripts []string) {
	for _, found := range notFound.FindAllStringSubmatch(log, -1) {
		scripts = append(scripts, found[1]+found[2])
	}
	return scripts
}

// refusals are the texts that refuse a request, of 4.9.4 and of 6.x, with the
// codes of 6.x.
var refusals = []struct {
	text *regexp.Regexp
	code string
}{
	{regexp.MustCompile(`Embedded mode of mod_wsgi disabled by runtime`), "WSGI0143"},
	{regexp.MustCompile(`not a member of allowed groups`), "WSGI0149"},
	{regexp.MustCompile(`No WSGI daemon process called '.*' has been configured`), "WSGI0151"},
	{regexp.MustCompile(`Daemon process called '.*' cannot be accessed by this WSGI application\b.*`), "WSGI0152"},
}

// audit500 is the code of the first refusal in a log text, or "": an
// ErrorDocument of it may be refused for another reason.
func audit500(log string) string {
	for line := range strings.Lines(log) {
		for _, r := range refusals {
			if r.text.MatchString(line) {
				return r.code
			}
		}
	}
	return ""
}
