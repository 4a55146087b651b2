package conf

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// growing are configurations that come to far more than is written in them, by
// file, with what is said of them. The first file is httpd.conf.
var growing = map[string]struct {
	files map[string]string
	want  string
}{
	"macros that use each other": {
		map[string]string{"httpd.conf": chainOfMacros(14, "Use M%d\nUse M%[2]d\nUse M%[2]d\n")},
		" goes beyond the 64 MiB",
	},
	"macros that use each other deep": {
		map[string]string{"httpd.conf": chainOfMacros(1000, "Use M%d\n")},
		"macros use each other more than 128 deep",
	},
	"a macro with values as long as lines": {
		map[string]string{"httpd.conf": "<Macro M $a>\n" + strings.Repeat("$a\n", 20_000) + "</Macro>\nUse M " + strings.Repeat("x", 8000) + "\n"},
		"macro m goes beyond the",
	},
	"macros with many parameters": {
		map[string]string{"httpd.conf": "<Macro M" + numbered(" $%d", 20_000) + ">\n" + strings.Repeat("SetEnv A $x\n", 20_000) + "</Macro>\nUse M" + numbered(" %d", 20_000) + "\n"},
		"macro m goes beyond the",
	},
	"definitions in long names": {
		map[string]string{"httpd.conf": chainOfMacros(100, "Use M%d\n") + "<Macro M0>\n" + strings.Repeat("<Macro D>\n</Macro>\n", 100_000) + "</Macro>\nUse M99\n"},
		"the definition of macro D goes beyond the",
	},
	"variables": {
		map[string]string{"httpd.conf": "Define A aaaaaaaaaa\n" + strings.Repeat("Define A ${A}${A}\n", 60)},
		"variable A goes beyond the 64 MiB",
	},
	"a variable in a line": {
		map[string]string{"httpd.conf": "Define A " + strings.Repeat("a", 1<<16) + "\nSetEnv A " + strings.Repeat("${A}", 2000) + "\n"},
		"variable A goes beyond the",
	},
	"files that include each other": {
		chainOfFiles(100), " goes beyond the 6",
	},
	"a file that is included often": {
		map[string]string{
			"httpd.conf": strings.Repeat("Include a.conf\n", 1000), "a.conf": strings.Repeat("SetEnv A b\n", 5000),
		}, "reading once more ROOT/a.conf goes beyond the",
	},
	"patterns that look through a folder": {
		map[string]string{"httpd.conf": "<Macro M>\n" + strings.Repeat("IncludeOptional sites/*.nothing\n", 1000) + "</Macro>\n" + strings.Repeat("Use M\n", 1000), "sites/a.conf": ""},
		"goes beyond the",
	},
	"diagnostics": {
		map[string]string{"httpd.conf": "<Macro M>\n" + strings.Repeat("SetEnv A ${NONE}\n", 1000) + "</Macro>\n" + strings.Repeat("Use M\n", 1000)},
		"goes beyond the",
	},
	"sections": {
		map[string]string{"httpd.conf": strings.Repeat("<Location /x>\n", 1_000_000)},
		"sections and conditions stand more than 128 deep",
	},
	"conditions": {
		map[string]string{"httpd.conf": strings.Repeat("<IfModule none.c>\n", 1_000_000)},
		"sections and conditions stand more than 128 deep",
	},
	"names of files": {
		map[string]string{"httpd.conf": "ServerRoot /\nIncludeOptional " + strings.Repeat("/a", 1_000_000) + "/*\nInclude " + strings.Repeat("/a", 1_000_000) + "\n"},
		": File name too long",
	},
	"lines": {
		map[string]string{"httpd.conf": "Include a.conf\n", "a.conf": strings.Repeat("\n", maxLines)},
		"have more than the 8388608 lines that are read",
	},
}

// chainOfMacros are macros of which each uses the one before.
func chainOfMacros(n int, use string) string {
	var out strings.Builder
	out.WriteString("<Macro M0>\nSetEnv A b\n</Macro>\n")
	for i := range n - 1 {
		fmt.Fprintf(&out, "<Macro M%d>\n"+use+"</Macro>\n", i+1, i)
	}
	fmt.Fprintf(&out, "Use M%d\n", n-1)
	return out.String()
}

// chainOfFiles are files of which each includes the next one twice.
func chainOfFiles(n int) map[string]string {
	files := map[string]string{"httpd.conf": "Include 0.conf\n"}
	for i := range n {
		files[fmt.Sprintf("%d.conf", i)] = strings.Repeat(fmt.Sprintf("Include %d.conf\n", i+1), 2)
	}
	files[fmt.Sprintf("%d.conf", n)] = "SetEnv A b\n"
	return files
}

func numbered(format string, n int) string {
	var out strings.Builder
	for i := range n {
		fmt.Fprintf(&out, format, i)
	}
	return out.String()
}

func TestWhatGrowsIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range growing {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			written := 0
			for file, text := range c.files {
				writeFile(t, filepath.Join(root, file), text)
				written += len(text)
			}
			config, err := Read(filepath.Join(root, "httpd.conf"), Options{})
			if err != nil {
				t.Fatal(err)
			}
			want := strings.ReplaceAll(c.want, "ROOT", root)
			if !containsMessage(config.Diagnostics, want) {
				t.Errorf("%.300v, want one with %q", fmt.Sprint(config.Diagnostics), want)
			}
			expanded := 0
			for d := range config.All() {
				expanded += len(d.Name) + len(d.Args)
			}
			if limit := min(written*(1+growthRatio)+freeGrowth, written+maxGrowth); expanded > limit {
				t.Errorf("%d bytes became %d, more than %d", written, expanded, limit)
			}
		})
	}
}

func containsMessage(diagnostics []Diagnostic, want string) bool {
	for _, d := range diagnostics {
		if strings.Contains(d.Message, want) && d.Pos.Line > 0 {
			return true
		}
	}
	return false
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The largest servers that there are stay far below the limits, also where
// they are written with macros and files that each virtual host includes.
func TestLargeServersAreRead(t *testing.T) {
	t.Parallel()
	const hosts = 5_000 // a tenth of them
	snippet := strings.Repeat("Header always set X-Content-Type-Options \"nosniff\"\n", 10)
	host := "<VirtualHost *:80>\nServerName $name.example.com\nDocumentRoot ${SITES}/$name\n" +
		strings.Repeat("SetEnvIf Request_URI \"^/health\" dontlog\n", 18) + "</VirtualHost>\n"
	for name, text := range map[string]string{
		"macros":   "Define SITES /srv/sites\n<Macro Host $name>\n" + host + "</Macro>\n" + numbered("Use Host www%d\n", hosts),
		"snippets": strings.Repeat(strings.Replace(host, "</V", "Include snippet.conf\nInclude snippet.conf\n</V", 1), hosts),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			writeFile(t, root+"/snippet.conf", snippet)
			r := newReader(&File{Name: root + "/httpd.conf"}, newFiles(""), Options{})
			r.run(&File{Name: root + "/httpd.conf", Source: text, content: &content{}})
			config := r.finish()
			if errors := config.Errors(); len(errors) > 0 {
				t.Fatal(errors[0])
			}
			if got := len(config.Servers()); got != hosts+1 {
				t.Errorf("%d servers, want %d", got, hosts+1)
			}
			if limit := min(freeGrowth+10*growthRatio*r.budget.written, maxGrowth); 10*r.budget.grown > limit {
				t.Errorf("ten times as many add %d bytes, more than %d", 10*r.budget.grown, limit)
			} else {
				t.Logf("ten times as many add %d of %d bytes", 10*r.budget.grown, limit)
			}
		})
	}
}

// Folders that lead to each other by many ways end in an error, and so do files
// that are no text.
func TestOnlyRegularFilesAreIncluded(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	if err := unix.Mkfifo(root+"/fifo", 0o644); err != nil {
		t.Fatal(err)
	}
	writeFile(t, root+"/sparse", "")
	if err := os.Truncate(root+"/sparse", 100<<30); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"to-fifo": "fifo", "to-zero": "/dev/zero", "to-sparse": "sparse", "loop/loop": "."} {
		_ = os.MkdirAll(filepath.Dir(root+"/"+link), 0o755)
		if err := os.Symlink(target, root+"/"+link); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 18 {
		for _, name := range []string{"a", "b"} {
			writeFile(t, fmt.Sprintf("%s/way/%d/x.txt", root, i), "")
			if err := os.Symlink(fmt.Sprintf("../%d", i+1), fmt.Sprintf("%s/way/%d/%s", root, i, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for text, want := range map[string]string{
		"Include fifo\n":          "it is a FIFO, and only regular files are read",
		"IncludeOptional fif*\n":  "it is a FIFO",
		"Include to-fifo\n":       "it is a FIFO",
		"Include to-zero\n":       "it is a device",
		"Include /dev/zero\n":     "it is a device",
		"Include sparse\n":        "it has more than the 256 MiB that are read",
		"Include to-sparse\n":     "it has more than the 256 MiB",
		"Include fifo/*.conf\n":   "Could not open directory",
		"Include loop\n":          "Too many levels of symbolic links",
		"Include way/0\n":         "goes beyond the",
		"Include /dev/null\n":     "",
		"Include way/0/a/x.txt\n": "",
	} {
		for _, scope := range []Scope{Part, Whole} {
			config := ReadSource(root+"/httpd.conf", text, Options{Scope: scope})
			found := config.Errors()
			if scope == Part && !strings.HasPrefix(want, "it ") {
				found = config.Diagnostics // the server may have what is not here
			}
			if want == "" && len(found) > 0 || want != "" && !containsMessage(found, want) {
				t.Errorf("scope %d: %s says %v, want %q", scope, text, found, want)
			}
		}
	}
}

func TestOnlyRegularFilesAreHtaccess(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	if err := unix.Mkfifo(root+"/.htaccess", 0o644); err != nil {
		t.Fatal(err)
	}
	config := ReadSource("/etc/t.conf", "<Directory />\nAllowOverride All\n</Directory>\n", Options{})
	problem := ""
	for _, layer := range config.Main().Layers(Request{URI: "/a", File: root + "/a"}) {
		if layer.Htaccess != nil {
			problem += layer.Htaccess.Problem
		}
	}
	if !strings.Contains(problem, root+"/.htaccess:1:1: Bad file descriptor: it is a FIFO") {
		t.Errorf("problem %q", problem)
	}
}

func TestNamesOfOneFileShareItsText(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	writeFile(t, root+"/a.conf", strings.Repeat("SetEnv A b\n", 100))
	for name, link := range map[string]func(string, string) error{"/b.conf": os.Link, "/c.conf": os.Symlink} {
		if err := link(root+"/a.conf", root+name); err != nil {
			t.Fatal(err)
		}
	}
	config := ReadSource(root+"/httpd.conf", "Include *.conf\n", Options{})
	if len(config.Files) != 4 {
		t.Fatalf("%d files, want 4", len(config.Files))
	}
	for _, file := range config.Files[2:] {
		if unsafe.StringData(file.Source) != unsafe.StringData(config.Files[1].Source) {
			t.Errorf("%s was read once more", file.Name)
		}
	}
}

func TestFilesTogetherAreBounded(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	writeFile(t, root+"/a.conf", "SetEnv A b\n")
	writeFile(t, root+"/b.conf", "SetEnv A b\n")
	f := newFiles("")
	f.bytes.Store(MaxText - 15)
	if _, err := f.get(root + "/a.conf"); err != nil {
		t.Error(err)
	}
	if _, err := f.get(root + "/b.conf"); err == nil || !isRefused(err) {
		t.Errorf("error %v, want one of what is too large", err)
	}
}

func TestTextAtHandIsBounded(t *testing.T) {
	t.Parallel()
	config := ReadSource("-", strings.Repeat("\n", maxLines+1), Options{})
	if !containsMessage(config.Errors(), "more than the 8388608 lines") {
		t.Errorf("errors %v", config.Errors())
	}
}
