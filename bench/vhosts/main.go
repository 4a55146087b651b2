// Command vhosts writes a server root with many virtual hosts, one file each,
// every second of them with an application in embedded mode, for measuring
// what reading such a configuration takes. The folders and the script of each
// site are there, below DIR/srv, as they are on a server.
//
//	go run ./bench/vhosts -n 50000 /tmp/vhosts
//	httpd -t -f /tmp/vhosts/httpd.conf
package main

import (
	"bufio"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/bench/shapes"
)

func main() {
	log.SetFlags(0)
	n := flag.Int("n", 10000, "number of virtual hosts")
	modules := flag.String("modules", "/usr/lib/apache2/modules", "folder with httpd's modules")
	single := flag.Bool("single", false, "write all virtual hosts into one file")
	flag.Usage = func() {
		fmt.Fprintf(flag.CommandLine.Output(), "usage: vhosts [options] DIR\n")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	dir, err := filepath.Abs(flag.Arg(0))
	if err != nil {
		log.Fatal("vhosts: ", err)
	}
	if err := write(dir, *modules, *n, *single); err != nil {
		log.Fatal("vhosts: ", err)
	}
}

func write(dir, modules string, n int, single bool) error {
	for _, folder := range []string{"sites", "logs"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "httpd.conf"), []byte(mainFile(dir, modules)), 0o644); err != nil {
		return err
	}
	for i := range n {
		if err := writeFolders(dir, i); err != nil {
			return err
		}
	}
	if single {
		return writeSingle(dir, n)
	}
	for i := range n {
		name := filepath.Join(dir, "sites", fmt.Sprintf("%06d.conf", i))
		if err := os.WriteFile(name, []byte(site(dir, i)), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// site is one virtual host, whose files are below dir.
func site(dir string, i int) string {
	return strings.ReplaceAll(shapes.Site(i), " /srv/", " "+dir+"/srv/")
}

// writeFolders makes what a site names: its folders and its script.
func writeFolders(dir string, i int) error {
	root := filepath.Join(dir, "srv", "sites", strconv.Itoa(i))
	for _, folder := range []string{"app", "htdocs", "static", "media"} {
		if err := os.MkdirAll(filepath.Join(root, folder), 0o755); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(root, "app", "site.wsgi"), []byte(script), 0o644)
}

const script = `def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Hello"]
`

func writeSingle(dir string, n int) error {
	name := filepath.Join(dir, "sites", "all.conf")
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	out := bufio.NewWriterSize(file, 1<<20)
	for i := range n {
		if _, err := out.WriteString(site(dir, i)); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return file.Close()
}

// loaded are the modules that the configuration needs, by name.
var loaded = []string{"mpm_event", "authn_core", "authz_core", "alias", "mime", "dir", "env", "headers", "setenvif", "authz_host", "info", "wsgi"}

func mainFile(dir, modules string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "ServerRoot %q\nDefaultRuntimeDir %q\nPidFile httpd.pid\n", dir, dir)
	for _, name := range loaded {
		fmt.Fprintf(&out, "LoadModule %s_module %s/mod_%s.so\n", name, modules, name)
	}
	out.WriteString(`ServerName bench.example
Listen 127.0.0.1:8099
ErrorLog logs/error_log
TypesConfig /dev/null
WSGIDaemonProcess shared processes=2 threads=15
<Directory />
    AllowOverride None
    Require all denied
</Directory>
IncludeOptional sites/*.conf
`)
	return out.String()
}
