package audit_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// growingRequests are configurations in which one request becomes many, or long
// ones, below the folder ROOT, with what is said of http://x/a.
var growingRequests = map[string]struct{ configuration, want string }{
	"rules that double the URL": {
		strings.Repeat("RewriteRule ^(.*)$ $1$1 [UNC]\n", 60), "RewriteRule takes the URL before mod_wsgi",
	},
	"rules that double a variable": {
		"RewriteRule ^ - [E=A:aaaaaaaa]\n" + strings.Repeat("RewriteRule ^ - [E=A:%{ENV:A}%{ENV:A}]\n", 60) + "RewriteRule ^ - [H=%{ENV:A}]\n", "RewriteRule puts together a text of more than 64 KiB",
	},
	"conditions on what was doubled": {
		"RewriteCond %{DOCUMENT_ROOT}" + strings.Repeat("%{REQUEST_URI}", 60_000) + " ^x\nRewriteRule ^ /none\nWSGIScriptAlias / /srv/app.wsgi\n", "RewriteCond puts together a text of more than 64 KiB",
	},
	"maps in the keys of maps": {
		"RewriteMap low int:tolower\nRewriteRule ^ " + strings.Repeat("${low:", 3000) + "a" + strings.Repeat("}", 3000) + "\n", "RewriteRule puts together a text of more than 64 KiB",
	},
	"brackets without end": {
		"RewriteCond " + strings.Repeat("%{", 30_000) + " ^x\nRewriteRule ^ /none\n", "it takes more than 1048576 steps to tell",
	},
	"numbers of VirtualDocumentRoot": {
		"VirtualDocumentRoot /srv/%-9223372036854775808/%2.-9223372036854775808\n", "handler of plain files",
	},
	"skips": {
		"RewriteRule ^ - [S=-9]\nRewriteRule ^ - [S=9223372036854775807]\nRewriteRule ^ - [F]\n", "handler of plain files",
	},
	"rounds": {
		strings.Repeat("RewriteRule ^none -\n", 5000) + "RewriteRule ^ /b [N]\n", "RewriteRule takes the URL before mod_wsgi",
	},
	"rounds below many aliases": {
		strings.Repeat("RewriteRule ^/(.*)$ /$1\n", 300) + "RewriteRule ^ - [N]\n" + numbered("WSGIScriptAlias /a# /srv/app.wsgi\n", 1000), "it takes more than 1048576 steps to tell",
	},
	"rounds through rules that all match": {
		strings.Repeat("RewriteRule ^ - [E=A:b]\n", 5000) + "RewriteRule ^ - [N]\n", "it takes more than 1048576 steps to tell",
	},
	"rounds through rules in doubt": {
		numbered("RewriteCond %{HTTP:X-#} !=v\nRewriteRule ^ - [E=A:b]\n", 5000) + "RewriteRule ^ - [N]\n", "it takes more than 1048576 steps to tell",
	},
	"rules that each set a long variable": {
		"RewriteRule ^ - [E=A0:aaaaaaaa]\n" + strings.Repeat("RewriteRule ^ - [E=A0:%{ENV:A0}%{ENV:A0}]\n", 12) + numbered("RewriteRule ^ - [E=B#:%{ENV:A0}]\n", 5000), "it takes more than 1048576 steps to tell",
	},
	"large patterns that look at a long variable": {
		"RewriteRule ^ - [E=A:aaaaaaaa]\n" + strings.Repeat("RewriteRule ^ - [E=A:%{ENV:A}%{ENV:A}]\n", 12) + numbered("RewriteCond %{ENV:A} (a?){50#}b\nRewriteRule ^ - [F]\n", 10), "it takes more than 1048576 steps to tell",
	},
	"an expression that looks at a long variable": {
		"SetEnvIf Request_URI .* A=aaaaaaaa\n" + strings.Repeat("SetEnvIf A (.*) A=$1$1\n", 12) + numbered("<If \"reqenv('A') =~ /(a?){50#}b/\">\nRequire all denied\n</If>\n", 10), "it takes more than 1048576 steps to tell",
	},
	"SetEnvIf with large patterns": {
		"SetEnvIf Request_URI .* A=aaaaaaaa\n" + strings.Repeat("SetEnvIf A (.*) A=$1$1\n", 12) + numbered("SetEnvIf A (a?){50#}b B=1\n", 10), "it takes more than 1048576 steps to tell",
	},
	"large patterns of files": {
		numbered("<FilesMatch \"(.?){40#}x\">\nRequire all denied\n</FilesMatch>\n", 10) + strings.Repeat("<FilesMatch \"(.?){400}x\">\n</FilesMatch>\n", 20_000), "it takes more than 1048576 steps to tell",
	},
	"redirects of a section with large patterns": {
		"<Location />\n" + strings.Repeat("RedirectMatch \"(.?){400}x\" /b\n", 20_000) + "</Location>\n", "it takes more than 1048576 steps to tell",
	},
	"SetEnvIf on what another sets": {
		"SetEnvIf X a V0=a\n" + numbered("SetEnvIf V# a V@=a\n", 5000) + "RewriteCond %{ENV:V5000} a\nRewriteRule ^ /app [PT]\nWSGIScriptAlias /app /srv/app.wsgi\n", "the environment variable V5000 decides",
	},
	"SetEnvIf in conditions": {
		numbered("<IfModule m#_module>\nSetEnvIf Host x A#=a\n</IfModule>\n", 5000), "",
	},
	"SetEnvIf that doubles a variable": {
		"SetEnvIf Request_URI .* A=aaaaaaaa\n" + strings.Repeat("SetEnvIf A (.*) A=$1$1\n", 60) + "RewriteCond %{ENV:A} ^a*$\nRewriteRule ^ /none\n", "",
	},
	"an AliasMatch that repeats the URL": {
		"AliasMatch (.*) /" + strings.Repeat("$1", 500_000) + "\n", "",
	},
	"indexes in folders that lead to each other": {
		loops, "it takes more than 1048576 steps to tell",
	},
	"conditions on the way": {
		loops + numbered("<If \"%{HTTP:X-#} == 'v'\">\nDirectoryIndex b/ c/ d/ e/ f/\n</If>\n", 20_000), "it takes more than 1048576 steps to tell",
	},
	"conditions in places on the way": {
		loops + numbered("<Location />\n<If \"%{HTTP:X-#} == 'v'\">\nDirectorySlash On\n</If>\n</Location>\n", 20_000), "it takes more than 1048576 steps to tell",
	},
	"patterns of URIs on the way": {
		loops + numbered("<LocationMatch \"[x#]+y$\">\n</LocationMatch>\n", 20_000), "it takes more than 1048576 steps to tell",
	},
	"patterns of folders on the way": {
		loops + numbered("<Directory /*/*/*/*/x#>\n</Directory>\n", 10_000) + numbered("<DirectoryMatch \"[x#]+y$\">\n</DirectoryMatch>\n", 10_000), "it takes more than 1048576 steps to tell",
	},
	"files on the way": {
		loops + "<Directory />\n" + numbered("<Files x#>\n</Files>\n", 20_000) + "</Directory>\n", "it takes more than 1048576 steps to tell",
	},
	"lines of a folder on the way": {
		loops + "<Directory />\n" + numbered("Header set A# b\n", 20_000) + "</Directory>\n", "it takes more than 1048576 steps to tell",
	},
	"places on the way": {
		loops + numbered("<Location />\nHeader set A# b\n</Location>\n", 20_000), "it takes more than 1048576 steps to tell",
	},
	"rules of a folder on the way": {
		loops + "<Directory />\nOptions FollowSymLinks\nRewriteEngine On\n" + numbered("RewriteRule [x#]+[yz]+$ /b\n", 20_000) + "</Directory>\n", "it takes more than 1048576 steps to tell",
	},
	"maps in doubt": {
		"<IfModule other_module>\nRewriteMap m int:tolower\n</IfModule>\n" + numbered("RewriteRule ^ - [E=A#:${m:A}]\n", 20_000), "it takes more than 1048576 steps to tell",
	},
	"settings that are taken back": {
		strings.Repeat("WSGIRestrictEmbedded On\nWSGIRestrictEmbedded Off\n", 20_000), "handler of plain files",
	},
	"settings that are taken back in conditions": {
		numbered("<IfModule a#_module>\nWSGIRestrictEmbedded On\n</IfModule>\nWSGIRestrictEmbedded Off\n", 20_000), "handler of plain files",
	},
	"a map that is a device": {
		"RewriteMap m txt:/dev/zero\nRewriteRule ^(.*) ${m:$1|/app} [PT]\nWSGIScriptAlias /app /srv/app.wsgi\n", "whose file is not read: /dev/zero: it is a device",
	},
	"a map that is a FIFO": {
		"RewriteMap m ROOT/fifo\nRewriteRule ^(.*) ${m:$1|/app} [PT]\nWSGIScriptAlias /app /srv/app.wsgi\n", "whose file is not read: ROOT/fifo: it is a FIFO",
	},
	"a map without end": {
		"RewriteMap m rnd:ROOT/sparse\nRewriteRule ^(.*) ${m:$1|/app} [PT]\nWSGIScriptAlias /app /srv/app.wsgi\n", "whose file is not read: ROOT/sparse: it has more than the 64 MiB",
	},
	"a virtualenv, a script and a module that are FIFOs": {
		"LoadModule wsgi_module ROOT/fifo\nWSGIDaemonProcess a python-home=ROOT/venv\nWSGIHandlerScript wsgi-handler ROOT/handler.wsgi\nSetHandler wsgi-handler\n", "",
	},
	"a path without end": {
		"DocumentRoot /srv" + strings.Repeat("/a", 500_000) + "\nWSGIScriptAlias /x /srv" + strings.Repeat("/a", 500_000) + "\nFallbackResource /x\n", "",
	},
	"users": {
		"UserDir public_html\nRewriteRule ^/(.*) /~$1 [PT]\n", "",
	},
}

// loops has a request for each index lead to five others.
const loops = "DirectoryIndex b/ c/ d/ e/ f/\nAlias /a ROOT/loop\n"

// numbered are lines with the numbers below count in the place of "#", and the
// next number in that of "@".
func numbered(line string, count int) string {
	var lines strings.Builder
	for n := range count {
		lines.WriteString(strings.NewReplacer("#", strconv.Itoa(n), "@", strconv.Itoa(n+1)).Replace(line))
	}
	return lines.String()
}

func TestRequestsAreBounded(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	layTraps(t, root)
	for name, c := range growingRequests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			configuration := "RewriteEngine On\n" + strings.ReplaceAll(c.configuration, "ROOT", root)
			view := wsgi.Look(conf.ReadSource(root+"/httpd.conf", configuration, conf.Options{}), modwsgi.Release{}, nil)
			answer, err := view.Serving("http://x/a/")
			if err != nil {
				t.Fatal(err)
			}
			said := fmt.Sprint(answer.Reason)
			if answer.Application != nil {
				said = fmt.Sprint(answer.Application.Reason)
			}
			if want := strings.ReplaceAll(c.want, "ROOT", root); !strings.Contains(said, want) {
				t.Errorf("said %q, want %q", said, want)
			}
			audit.Run(view, audit.Settings{})
		})
	}
}

// layTraps lays files that are no text, and folders that lead to each other.
func layTraps(t *testing.T, root string) {
	t.Helper()
	for _, folder := range []string{"loop", "venv"} {
		if err := os.Mkdir(filepath.Join(root, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, fifo := range []string{"fifo", "venv/pyvenv.cfg", "handler.wsgi"} {
		if err := unix.Mkfifo(filepath.Join(root, fifo), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, link := range []string{"b", "c", "d", "e", "f"} {
		if err := os.Symlink(".", filepath.Join(root, "loop", link)); err != nil {
			t.Fatal(err)
		}
	}
	sparse, err := os.Create(filepath.Join(root, "sparse"))
	if err != nil {
		t.Fatal(err)
	}
	defer sparse.Close()
	if err := sparse.Truncate(100 << 30); err != nil {
		t.Fatal(err)
	}
}

// FuzzServing asks any configuration who serves any URL: nothing may panic, and
// it must come to an end.
func FuzzServing(f *testing.F) {
	for _, c := range growingRequests {
		if len(c.configuration) < 1<<10 {
			f.Add(c.configuration, "/a")
		}
	}
	f.Add("RewriteCond %1$1${m:%{ENV:A}|b}%{REQUEST_FILENAME} !-f [OR,NC]\nRewriteRule ^/(a)(b)? $2%1 [C,S=2,E=!A]\nRewriteRule - - [N]\n", "/ab?c")
	f.Add("ErrorDocument 404 /a\nFallbackResource /b\nDirectoryIndex c d/\nAction x /e\nAddHandler x .f\nVirtualDocumentRoot /%1.2+/%-2/%p\nUserDir /x/*/y\n", "/~a/b.f")
	f.Fuzz(func(t *testing.T, configuration, path string) {
		config := conf.ReadSource("/nonexistent/t.conf", "RewriteEngine On\n"+configuration, conf.Options{Root: "/nonexistent"})
		view := wsgi.Look(config, modwsgi.Release{}, nil)
		if _, err := view.Serving(fmt.Sprintf("http://x/%s", path)); err != nil {
			return
		}
		audit.Run(view, audit.Settings{})
	})
}
