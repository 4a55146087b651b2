package conf_test

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// options describe the httpd of the tests, as it runs here.
func options(server *httpdtest.Server) conf.Options {
	environment := map[string]string{}
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		environment[name] = value
	}
	return conf.Options{Static: server.BuiltIn(), Version: server.Version(), Scope: conf.Whole, Environment: environment}
}

func TestGeneratedConfigurationIsReadAsHTTPDReadsIt(t *testing.T) {
	t.Parallel()
	random := httpdtest.Random(t)
	for range httpdtest.Rounds(t, 40) {
		m := &maker{random: random, version: httpdtest.Version(t), files: map[string]string{}}
		configuration := m.block(0, false) + m.block(0, false) + m.block(0, false)
		if !sameAsHTTPD(t, configuration, m.files) {
			return
		}
	}
}

// sameAsHTTPD compares the dumps of httpd with those made here, and of a
// configuration that httpd refuses, the place that it names.
func sameAsHTTPD(t *testing.T, configuration string, files map[string]string) bool {
	t.Helper()
	server := httpdtest.New(t)
	defer os.RemoveAll(server.Root)
	for name, text := range files {
		server.Write(name, text)
	}
	file, want, reported, err := server.Ask(configuration, "-D", "DUMP_CONFIG")
	config, readErr := conf.Read(file, options(server))
	if readErr != nil {
		t.Fatal(readErr)
	}
	var got strings.Builder
	if writeErr := config.WriteDump(&got); writeErr != nil {
		t.Fatal(writeErr)
	}
	if err != nil {
		want = firstProblem(reported)
		got.Reset()
		if errors := config.Errors(); len(errors) > 0 {
			got.WriteString(problemOf(errors[0]))
			want = withoutHint(want, got.String())
			want = orComment(want, errors[0])
		}
	} else if errors := config.Errors(); len(errors) > 0 {
		t.Errorf("httpd accepts what is reported here: %v\n%s", errors[0], errors[0].Excerpt)
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-httpd +wsgictl):\n%s", diff)
	}
	if t.Failed() {
		t.Logf("httpd: %v %s", err, reported)
		t.Logf("configuration:\n%q", configuration)
		for name, text := range files {
			t.Logf("%s:\n%q", name, text)
		}
	}
	return !t.Failed()
}

var syntaxError = regexp.MustCompile(`(?s)Syntax error on line (\d+) of (.*?): *\n?`)

// firstProblem is the innermost place and the message of what httpd reported.
func firstProblem(reported string) string {
	places := syntaxError.FindAllStringSubmatchIndex(reported, -1)
	if len(places) == 0 {
		return strings.TrimSpace(reported)
	}
	last := places[len(places)-1]
	return reported[last[4]:last[5]] + ":" + reported[last[2]:last[3]] + ": " + firstLine(reported[last[1]:])
}

// firstLine is the first line of what httpd wrote to its log.
func firstLine(message string) string {
	message, _, _ = strings.Cut(message, "\n")
	return message
}

// problemOf leaves out why a file is not read, which httpd does not say.
func problemOf(d conf.Diagnostic) string {
	message, _, _ := strings.Cut(d.Message, ": it is a ")
	return d.Source.Name + ":" + strconv.Itoa(d.HTTPDLine) + ": " + asLogged(message)
}

// asLogged writes a message as httpd's log does (server/util.c:
// ap_escape_errorlog_item).
func asLogged(message string) string {
	var out strings.Builder
	for _, c := range []byte(message) {
		switch i := strings.IndexByte("\b\n\r\t\v\\", c); {
		case i >= 0:
			out.WriteString(`\` + `bnrtv\`[i:i+1])
		case c < ' ' || c > '~':
			fmt.Fprintf(&out, `\x%02x`, c)
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}

// withoutHint takes off what httpd adds to its message from the help text of
// the directive.
func withoutHint(want, got string) string {
	if strings.HasPrefix(want, got+", ") {
		return got
	}
	return want
}

var ofArguments = regexp.MustCompile(`^(.*: )(\S+) (takes|requires) .*argument`)

// orComment is what httpd says; where it counts the words of a comment as
// arguments, the message that names the comment instead.
func orComment(want string, d conf.Diagnostic) string {
	counted := ofArguments.FindStringSubmatch(want)
	if counted == nil || !strings.HasPrefix(d.Message, "httpd knows no comment at the end of a line: ") ||
		!strings.HasSuffix(d.Message, " for arguments of "+counted[2]) {
		return want
	}
	return counted[1] + asLogged(d.Message)
}

func TestDamagedConfigurationIsRefusedWhereHTTPDRefusesIt(t *testing.T) {
	t.Parallel()
	random := httpdtest.Random(t)
	for range httpdtest.Rounds(t, 60) {
		m := &maker{random: random, version: httpdtest.Version(t), files: map[string]string{}}
		configuration := m.block(1, false) + m.block(0, false)
		names := slices.Sorted(maps.Keys(m.files))
		for range random.IntN(2) + 1 {
			if which := random.IntN(len(names) + 2); which < len(names) {
				m.files[names[which]] = m.damage(m.files[names[which]])
			} else {
				configuration = m.damage(configuration)
			}
		}
		if !sameAsHTTPD(t, configuration, m.files) {
			return
		}
	}
}

// damage changes one line of text so that it may be wrong.
func (m *maker) damage(text string) string {
	lines := strings.SplitAfter(text, "\n")
	at := m.random.IntN(len(lines))
	line := lines[at]
	switch m.random.IntN(12) {
	case 0:
		lines[at] = ""
	case 1:
		lines[at] = line + line
	case 2:
		lines[at] = strings.Replace(line, ">", "", 1)
	case 3:
		lines[at] = line + "</Directory>\n"
	case 4:
		lines[at] = line + m.pick("<Directory>\n", "<Directory /x>\n", "<If \"true\">\n", "<IfDefine X>\n", "<IfModule core.c>\n", "<Macro X>\n", "<Nothing>\n")
	case 5:
		lines[at] = line + m.pick("Nothing here\n", "SetEnv\n", "SetEnv a b c\n", "Use\n", "Use Nothing\n", "UndefMacro x\n", "Define\n", "Define a b c\n", "Define a:b\n", "UnDefine\n")
	case 6:
		return strings.Join(lines[:at], "") + strings.TrimRight(line, "\n")
	case 7:
		lines[at] = strings.TrimRight(line, "\n") + "\\\n"
	case 8:
		lines[at] = line + m.pick("Include conf/none\n", "Include conf/none*\n", "Include none/none*\n", "Include\n", "Include a b\n", "Include /dev\n")
	case 9:
		lines[at] = line + m.pick("ServerName a b\n", "ServerName\n", "<Location /x>\nServerName a\n</Location>\n", "<Location /x>\n<Files y>\n</Files>\n</Location>\n", "<Else x>\n</Else>\n", "ServerRoot /none\n", "LoadModule a\n", "LoadModule a_module none/a.so\n", "AllowOverride\n")
	case 10:
		lines[at] = line + m.pick("<IfVersion x>\n</IfVersion>\n", "<IfVersion =! 2>\n</IfVersion>\n", "<IfVersion 2.4\n</IfVersion>\n", "<IfModule>\n</IfModule>\n", "<IfDefine\n</IfDefine>\n", "<IfFile >\n</IfFile>\n", "</IfDefine >\n")
	default:
		if line != "" {
			i := m.random.IntN(len(line))
			lines[at] = line[:i] + m.pick("<", ">", "/", "\"", " ", "#", "x", "\x00", "\f", "</") + line[i+1:]
		}
	}
	return strings.Join(lines, "")
}

func TestIncludesThatNeverEndAreRefused(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{
		"itself":       {"a.conf": "Include a.conf\n"},
		"itself twice": {"a.conf": "Include a.conf\nInclude a.conf\n"},
		"each other":   {"a.conf": "<IfDefine !X>\nInclude b.conf\n</IfDefine>\n", "b.conf": "Include a.conf\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httpdtest.New(t)
			for file, text := range files {
				server.Write(file, text)
			}
			file, _, reported, err := server.Ask("Include a.conf\n")
			if err == nil || !strings.Contains(reported, "Syntax error") {
				t.Fatalf("httpd: %v %s", err, reported)
			}
			config, err := conf.Read(file, options(server))
			if err != nil {
				t.Fatal(err)
			}
			errors := config.Errors()
			if len(errors) != 1 || !strings.HasPrefix(errors[0].Message, "Exceeded maximum include depth of 128") {
				t.Fatalf("errors %v, want one about the depth", errors)
			}
			if got, want := len(errors[0].Source.Chain()), 128; got != want {
				t.Errorf("refused below %d includes, want %d", got, want)
			}
		})
	}
}

func TestCommentIsRefusedWhereHTTPDCountsItsWords(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"UnDefine a # why", "ServerName a # why", "Define a b # why", "SetEnv a b # why"} {
		sameAsHTTPD(t, line+"\n", nil)
	}
}

func TestVersionIsReadAsHTTPDReadsIt(t *testing.T) {
	t.Parallel()
	for _, version := range []string{
		"2.", "2.4.", "2..4", ".2", "2.4.71.", "2.4.71..", "2.4.71.1", "2x", "2.x", "99999999999", "4294967298", "2.4294967300", "9223372036854775809", "2.\f", "2.\f4", "2.4/",
	} {
		for _, operator := range []string{"=", ">=", "!<"} {
			sameAsHTTPD(t, "<IfVersion "+operator+" "+version+">\nSetEnv A b\n</IfVersion>\n", nil)
		}
	}
}
