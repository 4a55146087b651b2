package golden

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
)

// checkServing is the command "serves CONF URLS": each line of URLS,
// "URL -> ANSWER", is what "wsgictl audit --url" says of that configuration,
// and what the real httpd does. "! serves" wants each line wrong. With -update
// the answers are written as httpd gives them.
//
// Files of the case below root/ are those below "/" (layServer). An answer is
// "daemon GROUP SCRIPT", "embedded SCRIPT", "refused CODE" or "status N".
func checkServing(t *testing.T, folder string, script *testscript.TestScript, negated bool, args []string) {
	if len(args) != 2 {
		script.Fatalf("usage: serves CONF URLS")
	}
	lines, err := parseServed(script.ReadFile(args[1]))
	script.Check(err)
	asksServer := hasServer(script)
	layServer(t, script, args[0], lines, asksServer)
	askWsgictl(script, lines)
	if asksServer {
		askServer(t, script, lines)
	}
	if *update && !negated {
		if !asksServer {
			script.Fatalf("no httpd to ask for the answers")
		}
		rewriteServed(t, filepath.Join(folder, script.Name()+".txtar"), args[1], lines)
	}
	wrong := differences(lines)
	switch {
	case negated && len(wrong) < len(urlsOf(lines)):
		script.Fatalf("not each line of %s is wrong, only:\n%s", args[1], strings.Join(wrong, "\n"))
	case !negated && len(wrong) > 0:
		script.Fatalf("%s", strings.Join(wrong, "\n"))
	}
}

// A served is a line of a file of URLs, or one that is kept as it is.
type served struct {
	text    string
	url     string // "" of a comment or an empty line
	says    string // the case
	wsgictl string
	httpd   string // "" where none is asked
}

func parseServed(text string) ([]served, error) {
	var lines []served
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			lines = append(lines, served{text: line})
			continue
		}
		url, says, _ := strings.Cut(line, " -> ") // of a new case there is none, until -update
		if !strings.HasPrefix(url, "http://") || strings.Contains(url, " ") {
			return nil, fmt.Errorf("%q is none of: http://HOST/PATH -> ANSWER, # comment", line)
		}
		lines = append(lines, served{text: line, url: url, says: says})
	}
	if len(urlsOf(lines)) == 0 {
		return nil, fmt.Errorf("no URL to ask for")
	}
	return lines, nil
}

func urlsOf(lines []served) []string {
	var urls []string
	for _, line := range lines {
		if line.url != "" {
			urls = append(urls, line.url)
		}
	}
	return urls
}

// hasServer tells whether a real httpd can be asked; where all tests must run,
// root has to have one.
func hasServer(script *testscript.TestScript) bool {
	err := httpdtest.Check("")
	if err == nil {
		err = httpdtest.CanIsolate()
	}
	if err != nil && needtest.MustRun() && os.Getuid() == 0 {
		script.Fatalf("no httpd to ask: %v", err)
	}
	if err != nil {
		script.Logf("only wsgictl is asked: %v", err)
	}
	return err == nil
}

// askWsgictl notes what wsgictl says of each URL.
func askWsgictl(script *testscript.TestScript, lines []served) {
	arguments := []string{"audit", "--root", script.MkAbs("root"), "--format", "json"}
	for _, url := range urlsOf(lines) {
		arguments = append(arguments, "--url", url)
	}
	command, messages := exec.Command("wsgictl", append(arguments, serverFile)...), &strings.Builder{}
	command.Stderr = messages
	output, err := command.Output()
	if err != nil {
		script.Fatalf("wsgictl audit: %v\n%s", err, messages)
	}
	var printed struct {
		Applications []verdict `json:"applications"`
	}
	script.Check(json.Unmarshal(output, &printed))
	answers := printed.Applications
	for i := range lines {
		if lines[i].url != "" {
			lines[i].wsgictl, answers = answers[0].text(), answers[1:]
		}
	}
}

// verdict is what wsgictl says of one URL.
type verdict struct {
	Mode         string `json:"mode"`
	ProcessGroup string `json:"process_group"`
	Script       string `json:"script"`
	Error        string `json:"error"`
	Reason       string `json:"reason"`
	Status       int    `json:"status"`
}

func (a verdict) text() string {
	switch {
	case a.Mode == "daemon":
		return "daemon " + a.ProcessGroup + " " + a.Script
	case a.Mode == "embedded":
		return "embedded " + a.Script
	case a.Mode == "refused":
		return "refused " + a.Error
	case a.Status != 0:
		return fmt.Sprintf("status %d", a.Status)
	}
	return a.Mode + ": " + a.Reason
}

// refusal is a code with which mod_wsgi refuses a request.
var refusal = regexp.MustCompile(`WSGI0(143|149|150|151|152)\b`)

// askServer notes what the real httpd does with each URL.
func askServer(t *testing.T, script *testscript.TestScript, lines []served) {
	asked, err := httpdtest.AskInside(t, script.MkAbs("root"), serverFile, urlsOf(lines))
	script.Check(err)
	for i := range lines {
		if lines[i].url != "" {
			lines[i].httpd, asked = answerOf(asked[0]), asked[1:]
		}
	}
}

func answerOf(a httpdtest.Asked) string {
	group, file, _ := strings.Cut(a.Seen, "\n")
	code := refusal.FindString(a.Log)
	switch {
	case a.Status >= 500 && code != "":
		return "refused " + code
	case a.Seen != "" && group != "":
		return "daemon " + group + " " + file
	case a.Seen != "":
		return "embedded " + file
	}
	return fmt.Sprintf("status %d", a.Status)
}

// wsgictlSays tells whether wsgictl gives that answer. Of what a proxy or another
// handler answers it tells no status.
func (l served) wsgictlSays(answer string) bool {
	return l.wsgictl == answer || strings.HasPrefix(l.wsgictl, "none: ") && strings.HasPrefix(answer, "status ")
}

// differences tell where not all say the same of a URL.
func differences(lines []served) []string {
	var wrong []string
	for _, line := range lines {
		if line.url == "" {
			continue
		}
		if line.wsgictlSays(line.says) && (line.httpd == "" || line.httpd == line.says) {
			continue
		}
		text := fmt.Sprintf("%s\n  the case says  %s\n  wsgictl says   %s", line.url, line.says, line.wsgictl)
		if line.httpd != "" {
			text += "\n  httpd does     " + line.httpd
		}
		wrong = append(wrong, text)
	}
	return wrong
}

// rewriteServed has the lines say what httpd does, and writes them into a case
// when all that testscript itself writes has been written.
func rewriteServed(t *testing.T, file, name string, lines []served) {
	var text strings.Builder
	for i := range lines {
		if line := &lines[i]; line.url != "" {
			line.says = line.httpd
			line.text = line.url + " -> " + line.says
		}
		text.WriteString(lines[i].text + "\n")
	}
	t.Cleanup(func() {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := range archive.Files {
			if archive.Files[i].Name == name {
				archive.Files[i].Data = []byte(text.String())
			}
		}
		if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
			t.Fatal(err)
		}
	})
}
