package system

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpdtest"
)

// A builtLayout is an httpd whose files are where its configure script was told
// to put them: by one of its layouts, and, where a distribution changes that, by
// the arguments that the distribution's package gives.
type builtLayout struct {
	configure []string
	httpd     string
	config    string            // main configuration file
	ends      string            // what the distribution has at its end
	files     map[string]string // that the distribution's package adds
	layout    detect.Layout     // that is detected
	site      string            // where the site "hello" has to be
}

var builtLayouts = map[string]builtLayout{
	"RedHat": {
		configure: []string{
			"--enable-layout=RedHat", "--prefix=/etc/httpd", "--exec-prefix=/usr", "--bindir=/usr/bin", "--sbindir=/usr/sbin",
			"--libexecdir=/usr/lib64/httpd/modules", "--sysconfdir=/etc/httpd/conf",
		},
		httpd: "/usr/sbin/httpd", config: "/etc/httpd/conf/httpd.conf",
		ends:   "Include conf.modules.d/*.conf\nIncludeOptional conf.d/*.conf\n",
		files:  map[string]string{"/etc/httpd/conf.modules.d/10-wsgi-python3.conf": packagesModule, "/etc/httpd/conf.d/welcome.conf": "# theirs\n"},
		layout: detect.RedHat, site: "/etc/httpd/conf.d/wsgictl-hello.conf",
	},
	"SuSE": {
		configure: []string{
			"--enable-layout=SuSE", "--prefix=/srv/www", "--exec-prefix=/usr", "--bindir=/usr/bin", "--sbindir=/usr/sbin",
			"--libexecdir=/usr/lib64/apache2", "--sysconfdir=/etc/apache2",
		},
		httpd: "/usr/sbin/httpd", config: "/etc/apache2/httpd.conf",
		ends:   "IncludeOptional /etc/apache2/conf.d/*.conf\nIncludeOptional /etc/apache2/vhosts.d/*.conf\n",
		files:  map[string]string{"/etc/apache2/conf.d/theirs.conf": "# theirs\n", "/etc/apache2/vhosts.d/theirs.conf": "# theirs\n"},
		layout: detect.SUSE, site: "/etc/apache2/vhosts.d/hello.conf",
	},
	"FreeBSD": {
		configure: []string{"--enable-layout=FreeBSD", "--libexecdir=/usr/local/libexec/apache24", "--sysconfdir=/usr/local/etc/apache24"},
		httpd:     "/usr/local/sbin/httpd", config: "/usr/local/etc/apache24/httpd.conf",
		ends:   "IncludeOptional etc/apache24/modules.d/[0-9][0-9][0-9]_*.conf\nIncludeOptional etc/apache24/Includes/*.conf\n",
		files:  map[string]string{"/usr/local/etc/apache24/modules.d/270_mod_wsgi.conf": packagesModule, "/usr/local/etc/apache24/Includes/no-accf.conf": "# theirs\n"},
		layout: detect.FreeBSD, site: "/usr/local/etc/apache24/Includes/wsgictl-hello.conf",
	},
	"GNU": {
		configure: []string{"--enable-layout=GNU"},
		httpd:     "/usr/local/sbin/httpd", config: "/usr/local/etc/apache2/httpd.conf",
		layout: detect.Source, site: "/usr/local/etc/apache2/wsgictl/wsgictl-hello.conf",
	},
	"opt": {
		configure: []string{"--enable-layout=opt"},
		httpd:     "/opt/apache/sbin/httpd", config: "/etc/opt/apache/httpd.conf",
		layout: detect.Source, site: "/etc/opt/apache/wsgictl/wsgictl-hello.conf",
	},
}

// builtRoot is the variable by which the test program, as a process of its own,
// knows the folder with a built httpd: it lays it over the machine's files and
// takes the result for "/". builtModule has the mod_wsgi for it.
const (
	builtRoot   = "WSGICTL_TEST_BUILT_ROOT"
	builtModule = "WSGICTL_TEST_BUILT_MODULE"
)

func TestLayoutsOfBuiltServersAreServedAndGivenBack(t *testing.T) {
	t.Parallel()
	for name, layout := range builtLayouts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if root := os.Getenv(builtRoot); root != "" {
				layOver(t, root)
				layout.serve(t)
				return
			}
			if os.Geteuid() != 0 {
				t.Skip("needs root")
			}
			runOver(t, httpdtest.Built(t, layout.configure...), httpdtest.Module(t, "6.1.1"))
		})
	}
}

// runOver runs the test as a process with files and processes of its own, which
// end with it.
func runOver(t *testing.T, root, module string) {
	t.Helper()
	command := exec.Command(os.Args[0], "-test.run", "^"+strings.ReplaceAll(t.Name(), "/", "$/^")+"$")
	command.Env = append(os.Environ(), builtRoot+"="+root, builtModule+"="+module)
	command.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID, Pdeathsig: syscall.SIGKILL}
	output, err := command.CombinedOutput()
	if err != nil && command.Process == nil {
		t.Skipf("no process with files of its own: %v", err)
	}
	if err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}

// layOver makes "/" of this process the machine's files with those of a folder
// over them. What is written goes to memory.
func layOver(t *testing.T, root string) {
	t.Helper()
	memory := t.TempDir()
	mount := func(source, target, kind string, flags uintptr, options string) {
		t.Helper()
		if err := syscall.Mount(source, target, kind, flags, options); err != nil {
			t.Fatalf("mount %s: %v", target, err)
		}
	}
	mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, "")
	mount("tmpfs", memory, "tmpfs", 0, "mode=755")
	upper, work, merged := filepath.Join(memory, "upper"), filepath.Join(memory, "work"), filepath.Join(memory, "merged")
	for _, dir := range []string{work, merged} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if output, err := exec.Command("cp", "-a", root, upper).CombinedOutput(); err != nil {
		t.Fatalf("copy %s: %v\n%s", root, err, output)
	}
	if err := os.Chmod(upper, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(upper, "var/run")); err != nil { // a link on the machine
		t.Fatal(err)
	}
	mount("overlay", merged, "overlay", 0, fmt.Sprintf("lowerdir=/,upperdir=%s,workdir=%s", upper, work))
	mount("/dev", filepath.Join(merged, "dev"), "", syscall.MS_BIND|syscall.MS_REC, "")
	mount("proc", filepath.Join(merged, "proc"), "proc", 0, "")
	if err := syscall.Chroot(merged); err != nil {
		t.Fatal(err)
	}
	if err := os.Chdir("/"); err != nil {
		t.Fatal(err)
	}
}

func (l builtLayout) serve(t *testing.T) {
	t.Helper()
	i := &instance{t: t, apps: "/srv/wsgictl-test", port: httpdtest.FreePort(t), moduleFile: os.Getenv(builtModule)}
	i.configure(l)
	host, err := detect.Detect(t.Context(), detect.Request{HTTPD: l.httpd, Python: httpdtest.Python})
	if err != nil {
		t.Fatal(err)
	}
	if host.Apache.Layout != l.layout || host.Apache.ConfigFile != l.config {
		t.Fatalf("detected %s with %s; want %s with %s", host.Apache.Layout, host.Apache.ConfigFile, l.layout, l.config)
	}
	apache, err := New(host)
	if err != nil {
		t.Fatal(err)
	}
	store, err := OpenStore("/var/lib/wsgictl/test", nil)
	if err != nil {
		t.Fatal(err)
	}
	i.host, i.root = host, apache.tree
	if err := os.MkdirAll(apache.ServerRoot, 0o755); err != nil {
		t.Fatal(err)
	}
	i.Manager = Manager{Apache: apache, Store: store, Limit: 20 * time.Second, Drain: DefaultDrain, Report: func(string) {}}
	i.start()
	folders := []string{apache.tree, apache.ModulesDir}
	before := readFolders(t, folders)

	declare := func(names ...string) Declaration {
		d := i.declare("6.1.1", names...)
		for n := range d.Sites {
			d.Sites[n].LogDirectory = i.LogDirectory()
		}
		return d
	}
	if err := i.apply(declare("hello")); err != nil {
		t.Fatal(err)
	}
	i.expect("hello", "6.1.1")
	if !isFile(l.site) {
		t.Errorf("there is no %s", l.site)
	}
	if plan, err := i.Plan(declare("hello"), Refuse); err != nil || !plan.IsEmpty() {
		t.Errorf("a second plan: error %v, changes %v", err, plan)
	}
	if err := i.apply(declare("hello", "shop")); err != nil {
		t.Fatal(err)
	}
	i.expect("shop", "6.1.1")
	if err := i.rollback(1); err != nil {
		t.Fatal(err)
	}
	i.expect("hello", "6.1.1")
	if err := i.remove("hello"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, readFolders(t, folders)); diff != "" {
		t.Errorf("the Apache is another one (-before +after):\n%s", diff)
	}
	i.clean()
}

// configure makes of what "make install" left what the distribution's package
// has, on a port of the test's.
func (i *instance) configure(l builtLayout) {
	i.t.Helper()
	text, err := os.ReadFile(l.config)
	if err != nil {
		i.t.Fatal(err)
	}
	main := strings.Replace(string(text), "\nListen 80\n", fmt.Sprintf("\nListen 127.0.0.1:%d\nServerName 127.0.0.1\n", i.port), 1)
	i.write(l.config, main+l.ends)
	for path, text := range l.files {
		i.write(path, text)
	}
}
