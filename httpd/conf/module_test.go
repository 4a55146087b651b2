package conf_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
)

// TestModuleTableIsThatOfHTTPD loads modules one by one and asks the real
// httpd, after each, which directives it has and which modules. All names of
// the table are asked for, those of other releases too, so that one in the wrong
// module or release is found.
func TestModuleTableIsThatOfHTTPD(t *testing.T) {
	t.Parallel()
	server := httpdtest.New(t)
	folder := httpdtest.ModulesDir(t)
	var configuration strings.Builder
	for _, module := range conf.HTTPDModules("") {
		name := strings.TrimSuffix(module.Identifier, "_module")
		file := filepath.Join(folder, "mod_"+name+".so")
		_, err := os.Stat(file)
		if strings.HasPrefix(name, "mpm_") || notAlone[name] {
			err = os.ErrNotExist
		}
		if err == nil {
			fmt.Fprintf(&configuration, "LoadModule %s %s\n", module.Identifier, file)
		}
		fmt.Fprintf(&configuration, "<IfModule %s>\nUnsetEnv %s\n</IfModule>\n<IfModule %s>\nUnsetEnv %s\n</IfModule>\n",
			module.Identifier, module.Identifier, module.File, module.File)
		for _, form := range module.Directives {
			if form.Releases.Backported {
				continue // older releases have it or not
			}
			section, argument := "IfDirective", form.Name
			if name, ok := strings.CutPrefix(form.Name, "<"); ok {
				section, argument = "IfSection", name
			}
			fmt.Fprintf(&configuration, "<%s %s>\nUnsetEnv %s\n</%s>\n", section, argument, argument, section)
		}
	}
	file, want, reported, err := server.Ask(configuration.String(), "-D", "DUMP_CONFIG")
	if err != nil {
		t.Fatalf("%v %s", err, reported)
	}
	config, err := conf.Read(file, options(server))
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	config.WriteDump(&got)
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-httpd +wsgictl):\n%s", diff)
	}
}

// notAlone are modules that cannot be loaded before another one that comes
// later in the table.
var notAlone = map[string]bool{
	"authn_dbd": true, "authnz_ldap": true, "dav_fs": true, "dav_lock": true, "cache_disk": true, "session_cookie": true, "session_crypto": true, "session_dbd": true,
}

// TestThisMachineIsReadAsHTTPDReadsIt compares with what the Apache of this
// machine says of its own configuration, which is only read.
func TestThisMachineIsReadAsHTTPDReadsIt(t *testing.T) {
	t.Parallel()
	envvars, err := os.ReadFile("/etc/apache2/envvars")
	if err != nil {
		needtest.Missing(t, "no Apache laid out as on Debian")
	}
	server := httpdtest.New(t)
	options := options(server)
	options.Environment, _ = conf.ReadEnvvars(string(envvars), options.Environment, func(name string) bool {
		_, err := os.Stat(name)
		return err == nil
	})
	want, reported, err := server.Run("/etc/apache2/apache2.conf", options.Environment,
		"-D", "DUMP_CONFIG", "-C", "LoadModule info_module /usr/lib/apache2/modules/mod_info.so")
	if err != nil {
		needtest.Missing(t, "this machine's Apache does not accept its configuration: %s", reported)
	}
	options.Assumed = []string{"info_module"}
	config, err := conf.Read("/etc/apache2/apache2.conf", options)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	config.WriteDump(&got)
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-httpd +wsgictl):\n%s", diff)
	}
}

func TestRootStandsForTheOtherHostsSlash(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	link := func(target, name string) {
		if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	write("etc/apache2/apache2.conf", "ServerRoot /etc/apache2\nInclude enabled/*.conf\n<IfFile /etc/apache2/here>\nUnsetEnv here\n</IfFile>\n")
	write("etc/apache2/available/a.conf", "UnsetEnv a\n")
	write("srv/b.conf", "UnsetEnv b\n")
	write("etc/apache2/here", "")
	write("etc/apache2/enabled/c.conf", "UnsetEnv c\n")
	link("../available/a.conf", "etc/apache2/enabled/a.conf")
	link("/srv/b.conf", "etc/apache2/enabled/b.conf")
	link("/etc/passwd", "etc/apache2/enabled/d.txt")
	config, err := conf.Read("/etc/apache2/apache2.conf", conf.Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for d := range config.All() {
		got = append(got, d.Pos().String()+" "+d.Args)
	}
	want := []string{
		"/etc/apache2/enabled/a.conf:1:1 a", "/etc/apache2/enabled/b.conf:1:1 b",
		"/etc/apache2/enabled/c.conf:1:1 c", "/etc/apache2/apache2.conf:4:1 here",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
