package conf

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// texts is one table of inputs for all that reads text: each holds something
// that is easy to get wrong.
var texts = map[string]string{
	"empty":                     "",
	"no newline at the end":     "Listen 80",
	"blank lines":               "\n \t\n\nListen 80\n\n",
	"comment":                   "# a\n  # b\nListen 80 # not a comment\n",
	"continued":                 "ServerAlias a \\\n  b \\\n  c\nListen 80\n",
	"continued comment":         "# a \\\nListen 80\nListen 81\n",
	"continued section":         "<Directory \\\n/srv>\nRequire all denied\n</Directory>\n",
	"continued with CRLF":       "ServerAlias a \\\r\n b\r\nListen 80\r\n",
	"backslash at the end":      "Listen 80\\",
	"continued at the end":      "Listen 80 \\\n",
	"backslash and space":       "Listen 80 \\ \nListen 81\n",
	"two backslashes":           "Listen 80 \\\\\nListen 81\n",
	"backslashes, empty line":   "A \\\\\n\nB\nC \\\r\\\n\nD\n",
	"tabs":                      "\tListen\t80\t\n",
	"form feed":                 "Listen\f80\v\n",
	"not UTF-8":                 "ServerAdmin \xff\xfe@\x80\n",
	"NUL":                       "Listen 80\x00 81\nListen 82\n",
	"NUL at the start":          "\x00Listen 80\n",
	"open quote":                "ErrorDocument 404 \"Not here\nListen 80\n",
	"empty argument":            "ErrorDocument 404 \"\"\n",
	"escaped quotes":            `SetEnv A "say \"hi\" \\ \x" 'it''s'` + "\n",
	"SecRule":                   `SecRule ARGS "@rx (?i)<script>" "id:1,phase:2,deny,msg:'a, \'b\''"` + "\n",
	"quoted name":               "\"Listen\" 80\n",
	"empty quoted name":         "\"\" 80\nListen 80\n",
	"section":                   "<VirtualHost *:80>\n  ServerName a\n</VirtualHost>\n",
	"nested sections":           "<VirtualHost *>\n<Directory />\n<If \"%{HTTP_HOST} == 'a>b'\">\nRequire all denied\n</If>\n</Directory>\n</VirtualHost>\n",
	"case":                      "<virtualhost *>\nservername a\n</VIRTUALHOST>\n",
	"space before bracket":      "<Directory /srv >\n</Directory >\n",
	"bracket after name":        "<Else>\n</Else>\n",
	"two on one line":           "<IfModule a.c><Directory />\n</IfModule>\n",
	"text after bracket":        "<Directory /> # all\n</Directory> # end\n",
	"missing bracket":           "<Directory /srv\nRequire all denied\n</Directory\nListen 80\n",
	"stray close":               "</Directory>\nListen 80\n",
	"crossed":                   "<A x>\n<B y>\n</A>\nListen 80\n</B>\n",
	"wrong close":               "<A x>\n</B>\nListen 80\n</A>\n",
	"left open":                 "<A x>\n<B y>\nListen 80\n",
	"only brackets":             "<\n<>\n>\n</\n</>\n",
	"long line":                 "ServerAlias " + strings.Repeat("name.example.com ", 4000) + "\nListen 80\n",
	"byte order mark":           "\xef\xbb\xbfListen 80\n",
	"carriage returns only":     "Listen 80\rListen 81\r",
	"variables":                 "Define A 1\nListen ${A}${B}$ ${ $\nUnDefine A\n",
	"conditions":                "<IfDefine A>\nListen 1\n</IfDefine>\n<IfDefine !A>\nListen 2\n</IfDefine>\n<IfModule x.c>\nListen 3\n</IfModule>\n",
	"condition left open":       "<IfDefine !A>\nListen 1\n",
	"condition with open inner": "<IfDefine !A>\n<Directory />\nOptions None\n",
	"false condition left open": "<IfDefine A>\nListen 1\n",
	"macro":                     "<Macro V $name $port>\n# gone\n<VirtualHost *:$port>\nServerName $name\n</VirtualHost>\n</Macro>\nUse V a 80\nUse V b 81\nUndefMacro V\n",
	"macro that uses itself":    "<Macro A>\nUse A\n</Macro>\nUse A\n",
	"macro across sections":     "<Macro A>\n<IfDefine !B>\n</Macro>\nUse A\nListen 80\n</IfDefine>\n",
	"macro with a backslash":    "<Macro A $x>\nPath $x\n</Macro>\nUse A \"C:\\\\\"\nListen 80\n",
	"macro never ends":          "<Macro A>\nListen 80\n",
	"Jinja":                     "{% if x %}\n<Directory {{ path }}>\n</If>\n",
}

func TestNodesTileTheSource(t *testing.T) {
	t.Parallel()
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkTree(t, text)
		})
	}
}

func TestNodesTileTheCorpus(t *testing.T) {
	folder := corpus(t)
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		checkTree(t, string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkTree checks what must hold for the tree of any text.
func checkTree(t *testing.T, text string) {
	t.Helper()
	tree := Parse("t", text)
	var printed strings.Builder
	for node := range tree.Nodes() {
		printed.WriteString(node.Text())
		span, pos, end := node.Span(), node.Pos(), node.End()
		if pos.Offset < span.Start || end.Offset < pos.Offset && node.Kind() != BlankLine || end.Offset > span.End {
			t.Errorf("node %q: from %v to %v, outside %v", node.Text(), pos, end, span)
		}
		if match, ok := node.Match(); ok {
			if back, ok := match.Match(); !ok || back != node {
				t.Errorf("node %q: its match %q does not match it", node.Text(), match.Text())
			}
		}
	}
	if printed.String() != text {
		t.Errorf("printed %q, want %q", printed.String(), text)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkTree(t, text) })
}

func TestNodesKnowTheirParts(t *testing.T) {
	t.Parallel()
	source := "# c\n<VirtualHost *:80 >\r\n\tServerAlias a \\\r\n  \"b c\"\r\n</virtualhost>\n"
	var got []string
	for node := range Parse("f.conf", source).Nodes() {
		got = append(got, fmt.Sprintf("%d %s %q %q %v %d:%d %d", node.Kind(), node.Name(), node.Args(),
			node.Words(), node.Pos(), node.End().Line, node.End().Column, node.HTTPDLine()))
	}
	want := []string{
		`1  "" [] f.conf:1:1 1:4 1`,
		`3 VirtualHost "*:80 " ["*:80"] f.conf:2:1 2:20 2`,
		`2 ServerAlias "a   \"b c\"" ["a" "b c"] f.conf:3:2 4:8 4`,
		`4 virtualhost "" [] f.conf:5:1 5:15 5`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("nodes (-want +got):\n%s", diff)
	}
}

func TestParseReportsAndGoesOn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"stray close", "\n  </Directory>\nListen 80\n", "t:2:3: error: </Directory> without matching <Directory> section"},
		{"left open", "Listen 80\n<Files x>\n", "t:2:1: error: <Files> was not closed."},
		{"wrong close", "<A x>\n</B>\n<C>\n</C>\n", "t:2:1: error: Expected </A> but saw </B>"},
		{"outer close", "<A x>\n<B>\n</A>\n", "t:3:1: error: Expected </B> but saw </A>"},
		{"missing bracket", "<A x\n</A>\n", "t:1:1: error: <A> directive missing closing '>'"},
		{"template", "<A {{ x }}>\n</B>\n</C>\n", "t:1:4: notice: the file is a template: what its marks stand for is not known"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, d := range Parse("t", c.text).Diagnostics {
				got = append(got, d.String())
			}
			if diff := cmp.Diff([]string{c.want}, got); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEditsTouchOnlyTheirOwnBytes(t *testing.T) {
	t.Parallel()
	source := "<A>\r\n\tone 1 \\\r\n\t  2\t\r\n\ttwo\r\n</A>\r\nlast"
	tree := Parse("t", source)
	find := func(name string) Node {
		for node := range tree.Nodes() {
			if node.Name() == name {
				return node
			}
		}
		t.Fatalf("no %s", name)
		return Node{}
	}
	one, two := find("one"), find("two")
	got, err := tree.Apply([]Edit{
		{Span{len(source), len(source)}, "\r\nend"}, {Span{two.Span().Start, two.Span().Start}, "\tnew\r\n"},
		one.Replace("ONE"), {Span: two.Span()},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "<A>\r\n\tONE\t\r\n\tnew\r\n</A>\r\nlast\r\nend"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("edited (-want +got):\n%s", diff)
	}
	if _, err := tree.Apply([]Edit{{Span: two.Span()}, two.Replace("x")}); err == nil {
		t.Error("two edits of the same bytes are accepted")
	}
}
