package audit_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/wsgi"
)

// scriptPlaces are scripts, and what is done to their files: by a shell in the folder
// of the server, where WEB is the account of Apache, and JOB that of groups with a user
// of their own, each with the group of that name.
var scriptPlaces = []struct{ name, script, prepare string }{
	{"fine", "fine/w.py", ""},
	{"below", "fine/w.py/x", ""}, // which is PATH_INFO
	{"passed", "passed/w.py", "chmod 711 passed"},
	{"closed", "closed/in/w.py", "chmod 750 closed; chmod 700 closed/in; chmod 600 closed/in/w.py"},
	{"file", "file/w.py", "chmod 600 file/w.py"},
	{"jobs", "jobs/w.py", "chmod 600 jobs/w.py; chown JOB:JOB jobs/w.py"},
	{"jobs-folder", "jobs-folder/w.py", "chmod 700 jobs-folder; chown JOB:JOB jobs-folder"},
	{"own", "own/w.py", "chmod 0044 own/w.py; chown WEB:WEB own/w.py"},
	{"webs-group", "webs-group/w.py", "chmod 640 webs-group/w.py; chown root:WEB webs-group/w.py"},
	{"jobs-group", "jobs-group/w.py", "chmod 640 jobs-group/w.py; chown root:JOB jobs-group/w.py"},
	{"webs-folder", "webs-folder/w.py", "chmod 750 webs-folder; chown root:WEB webs-folder"},
	{"group-less", "group-less/w.py", "chmod 604 group-less/w.py; chown root:WEB group-less/w.py"},
	{"link", "link/l.py", "ln -s ../linked/w.py link/l.py; mkdir linked; cp link/w.py linked; chmod 700 linked"},
	{"quote", "it's here/w.py", "chmod 700 \"it's here\""},
	{"typo", "fine/ww.py", ""},
	{"gone", "none/w.py", ""},
	{"closed-gone", "closed/none.py", ""},
	{"dangling", "fine/d.py", "ln -s none.py fine/d.py"},
}

// processesOfScripts are the options of an alias in each of the ways that scripts run.
var processesOfScripts = map[string]string{
	"embedded": "", "same": "process-group=same", "job": "process-group=job", "own-group": "process-group=own-group", "more-groups": "process-group=more-groups",
}

// TestScriptsThatCannotBeServedAreTold asks a real server for each script in each way,
// and again when the commands of the findings were run.
func TestScriptsThatCannotBeServedAreTold(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	web, job := accountWithGroup(t, "nobody"), accountWithGroup(t, "daemon")
	for _, release := range []string{"4.9.4", "6.1.1"} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			s := httpdtest.New(t)
			urls := startWithScripts(t, s, release, web, job)
			statuses := map[int]int{}
			commands := []string{"true"}
			for url, findings := range findingsOfScripts(t, s, urls, release) {
				status, _ := s.Get("127.0.0.1", url)
				statuses[status]++
				says := strings.Contains(findings.text, fmt.Sprintf("requests to 127.0.0.1%s get %d", url, status))
				if says != (status != 200) || findings.text == "" != (status == 200) {
					t.Errorf("%s: status %d: %q", url, status, findings.text)
				}
				if !strings.HasSuffix(url, "-below") && (status == 200) != (findings.answer.Application != nil) || status != 200 && status != findings.answer.Status {
					t.Errorf("%s: status %d: the URL is answered by %+v", url, status, findings.answer)
				}
				commands = append(commands, findings.commands...)
			}
			if len(statuses) != 4 {
				t.Errorf("statuses %v: want some 200, 403, 404 and 500", statuses)
			}
			if output, err := exec.Command("/bin/sh", "-c", strings.Join(commands, " && ")).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, output)
			}
			for url, findings := range findingsOfScripts(t, s, urls, release) {
				status, _ := s.Get("127.0.0.1", url)
				isGone := strings.Contains(url, "gone") || strings.Contains(url, "typo") || strings.Contains(url, "dangling")
				if len(findings.commands) > 0 || (status == 200) == isGone || (findings.text == "") == isGone {
					t.Errorf("%s, after the commands: status %d: %q\n%s", url, status, findings.text, s.ErrorLog())
				}
			}
		})
	}
}

// accountWithGroup is an account of this host and the group of that number that it has.
func accountWithGroup(t *testing.T, name string) trust.Account {
	t.Helper()
	account, err := trust.LookupHost(name)
	if err != nil {
		needtest.Missing(t, "%v", err)
	}
	return account
}

// startWithScripts gives the URL of each line of the configuration that mounts a script.
func startWithScripts(t *testing.T, s *httpdtest.Server, release string, web, job trust.Account) map[int]string {
	t.Helper()
	ids := strings.NewReplacer("WEB:WEB", fmt.Sprintf("%d:%d", web.UID, web.Groups[0]), "root:WEB", fmt.Sprintf("root:%d", web.Groups[0]),
		"JOB:JOB", fmt.Sprintf("%d:%d", job.UID, job.Groups[0]), "root:JOB", fmt.Sprintf("root:%d", job.Groups[0]))
	var b strings.Builder
	b.WriteString(s.LoadModule(release))
	fmt.Fprintf(&b, "WSGIDaemonProcess same\nWSGIDaemonProcess job user=%s home=/\nWSGIDaemonProcess own-group user=%s group=#%d home=/\n", job, job, job.Groups[0])
	fmt.Fprintf(&b, "WSGIDaemonProcess more-groups user=%s group=#%d supplementary-groups=#%d home=/\n", job, 12345, web.Groups[0])
	urls := map[int]string{}
	for _, place := range scriptPlaces {
		s.Write(filepath.Dir(strings.TrimSuffix(place.script, "/x"))+"/w.py", reader)
	}
	for _, place := range scriptPlaces {
		prepare := exec.Command("/bin/sh", "-ec", ids.Replace(place.prepare))
		prepare.Dir = s.Root
		if strings.HasPrefix(place.script, "none/") {
			prepare = exec.Command("/bin/rm", "-r", s.Root+"/none")
		}
		if output, err := prepare.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", place.name, err, output)
		}
		for way, option := range processesOfScripts {
			url := "/" + way + "-" + place.name
			fmt.Fprintf(&b, "WSGIScriptAlias %s \"%s/%s\" %s\n", url, s.Root, place.script, option)
			urls[strings.Count(s.Base()+b.String(), "\n")] = url
		}
	}
	fmt.Fprintf(&b, "WSGIHandlerScript gone %s/none.py\n", s.Root)
	urls[strings.Count(s.Base()+b.String(), "\n")] = "/handler-gone"
	s.Start(b.String() + "<Location /handler-gone>\nSetHandler gone\n</Location>\n")
	return urls
}

// foundOfScript is what is found of one alias, what answers its URL, and the commands
// against it.
type foundOfScript struct {
	answer   wsgi.Answer
	text     string
	commands []string
}

// findingsOfScripts holds the rules against the configuration of the server.
func findingsOfScripts(t *testing.T, s *httpdtest.Server, urls map[int]string, release string) map[string]foundOfScript {
	t.Helper()
	parsed := modwsgi.MustParseRelease(release)
	config, err := conf.Read(filepath.Join(s.Root, "httpd.conf"), conf.Options{Modules: []conf.Module{wsgi.Module(parsed)}, Scope: conf.Whole})
	if err != nil {
		t.Fatal(err)
	}
	view := wsgi.Look(config, parsed, nil)
	view.Start, view.Rights = &installed.Start{}, hostfiles.Root("").Rights()
	found := map[string]foundOfScript{}
	for _, url := range urls {
		answer, err := view.Serving(s.URL + url)
		if err != nil {
			t.Fatal(err)
		}
		found[url] = foundOfScript{answer: answer}
	}
	for _, f := range audit.Run(view, audit.Settings{Select: []string{"script-missing", "script-closed"}}).Findings {
		url := urls[f.Pos.Line]
		one := found[url]
		one.text += f.Message + "\n"
		if command, ok := strings.CutPrefix(f.Help, "Run: "); ok {
			command, _, _ = strings.Cut(command, "; or,")
			one.commands = append(one.commands, command)
		}
		found[url] = one
	}
	return found
}
