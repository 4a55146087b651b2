package system

import (
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/templates"
)

func TestApplyServesInDaemonModeAndRemovalGivesTheApacheBack(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	before := i.tree()
	if err := i.apply(i.declare("6.1.1", "hello", "shop")); err != nil {
		t.Fatal(err)
	}
	i.expect("hello", "6.1.1")
	i.expect("shop", "6.1.1")
	i.clean()

	plan, err := i.Plan(i.declare("6.1.1", "hello", "shop"), Refuse)
	if err != nil || !plan.IsEmpty() {
		t.Errorf("a second plan: error %v, changes %v", err, plan.Changes)
	}
	for _, site := range []string{"hello", "shop"} {
		if err := i.remove(site); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(before, i.tree()); diff != "" {
		t.Errorf("the Apache is another one (-before +after):\n%s", diff)
	}
	i.clean()
}

func TestLinksAndMarkersAreThoseOfA2enmod(t *testing.T) {
	t.Parallel()
	ours, theirs := newInstance(t), newInstance(t)
	d := ours.declare("6.1.1", "hello")
	if err := ours.apply(d); err != nil {
		t.Fatal(err)
	}
	for path, entry := range ours.tree() {
		if entry.Kind == store.File && strings.Contains(path, "-available/") || strings.HasPrefix(path, "/wsgictl") {
			if entry.Kind == store.File {
				theirs.write(path[1:], strings.ReplaceAll(string(entry.Content), ours.root, theirs.root))
			}
		}
	}
	for _, line := range []string{"a2dismod wsgi", "a2enmod headers wsgictl", "a2enconf wsgictl wsgictl-hello", "a2ensite hello"} {
		words := strings.Fields(line)
		command := exec.Command(words[0], words[1:]...)
		command.Env = append(os.Environ(), "APACHE_CONFDIR="+theirs.root)
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", line, err, output)
		}
	}
	shape := func(i *instance) map[string]string {
		shape := map[string]string{}
		for path, entry := range i.tree() {
			if !strings.HasPrefix(path, "/wsgictl") && entry.Kind != store.Folder {
				shape[path] = string(entry.Kind) + entry.Target
			}
		}
		return shape
	}
	if diff := cmp.Diff(shape(theirs), shape(ours)); diff != "" {
		t.Errorf("a2enmod and its like leave something else (-theirs +ours):\n%s", diff)
	}
}

func TestConfigurationIsAcceptedBetweenAnyTwoSteps(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	steps := 0
	i.Manager = i.manager(filepath.Join(i.apps, "../store"), func(step string) {
		if strings.HasPrefix(step, "put aside") || strings.HasPrefix(step, "clear") {
			return
		}
		steps++
		if err := i.ConfigTest(t.Context()); err != nil {
			t.Errorf("before the step %q: %v", step, err)
		}
	})
	for _, names := range [][]string{{"hello"}, {"hello", "shop"}, {"shop"}} {
		if err := i.apply(i.declare("6.1.1", names...)); err != nil {
			t.Fatal(err)
		}
	}
	older := i.declare("4.9.4", "shop") // which does not know the options of the newer
	if err := i.apply(older); err != nil {
		t.Fatal(err)
	}
	i.expect("shop", "4.9.4")
	if err := i.apply(i.declare("6.1.1", "shop")); err != nil {
		t.Fatal(err)
	}
	if err := i.remove("shop"); err != nil {
		t.Fatal(err)
	}
	if steps < 50 {
		t.Errorf("only %d steps", steps)
	}
}

// What fails must leave a site that served before serving, the files as they
// were, and no journal.
func TestFailureLeavesAllAsItWas(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(i *instance, d *Declaration)
		says  string
	}{
		"application that cannot be imported": {func(i *instance, d *Declaration) {
			i.write(d.Sites[1].Script, "import nothing_of_that_name\n")
		}, "nothing_of_that_name"},
		"application that is denied": {func(i *instance, _ *Declaration) {
			i.write("conf-enabled/zz-deny.conf", "<If \"%{HTTP_HOST} =~ /^new/\">\nRequire all denied\n</If>\n")
			i.brokenByOthers = true
		}, "not answered by daemon"},
		"syntax error in somebody else's file": {func(i *instance, _ *Declaration) {
			i.write("sites-enabled/theirs.conf", "Nonsense on\n")
			i.brokenByOthers = true
		}, "Nonsense"},
		"option that mod_wsgi refuses": {func(_ *instance, d *Declaration) {
			d.Sites[1].LimitRequestBody = new(int64(-1))
		}, "limit-request-body"},
		"port that another program has": {func(i *instance, d *Declaration) {
			listener, err := net.Listen("tcp", ":0")
			if err != nil {
				i.t.Fatal(err)
			}
			i.t.Cleanup(func() { listener.Close() })
			d.Sites[1].Port = listener.Addr().(*net.TCPAddr).Port
		}, "port"},
		"log folder that is not there": {func(i *instance, d *Declaration) {
			d.Sites[1].LogDirectory = i.root + "/nowhere"
		}, "nowhere"},
		"certificate that does not fit its key": {func(i *instance, d *Declaration) {
			d.Sites[1].HTTPSPort = i.port + 1
			d.Sites[1].SSLCertificateFile, _ = certificate(i, "a")
			_, d.Sites[1].SSLCertificateKeyFile = certificate(i, "b")
		}, "certificate"},
		"authorities that are none": {func(i *instance, d *Declaration) {
			d.Sites[1].HTTPSPort = i.port + 1
			d.Sites[1].SSLCertificateFile, d.Sites[1].SSLCertificateKeyFile = certificate(i, "a")
			d.Sites[1].SSLCACertificateFile = d.Sites[1].SSLCertificateKeyFile
		}, "it holds no certificate in PEM form"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newInstance(t)
			i.Limit = i.Limit / 4
			if err := i.apply(i.declare("6.1.1", "old")); err != nil {
				t.Fatal(err)
			}
			d := i.declare("6.1.1", "old", "new")
			c.spoil(i, &d)
			before := i.tree()
			err := i.apply(d)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v; want one about %q", err, c.says)
			}
			if diff := cmp.Diff(before, i.tree()); diff != "" {
				t.Errorf("the files differ (-before +after):\n%s", diff)
			}
			i.expect("old", "6.1.1")
			if i.brokenByOthers { // and to be fixed by them
				os.Remove(filepath.Join(i.root, "sites-enabled/theirs.conf"))
			}
			i.clean()
		})
	}
}

// certificate makes a certificate and its key.
func certificate(i *instance, name string) (cert, key string) {
	cert, key = filepath.Join(i.apps, name+".crt"), filepath.Join(i.apps, name+".key")
	os.MkdirAll(i.apps, 0o755)
	output, err := exec.Command("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
		"-subj", "/CN="+name+".example.org", "-days", "2", "-keyout", key, "-out", cert).CombinedOutput()
	if err != nil {
		i.t.Fatalf("openssl: %v\n%s", err, output)
	}
	return cert, key
}

func TestApacheThatDoesNotRunIsStartedOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	if err := i.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := i.tree()
	d := i.declare("6.1.1", "hello")
	if err := i.apply(d); !errors.Is(err, ErrNotRunning) {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff(before, i.tree()); diff != "" {
		t.Errorf("the files differ (-before +after):\n%s", diff)
	}
	i.Manager.Start = true
	i.write(d.Sites[0].Script, "import nothing_of_that_name\n")
	if err := i.apply(d); err == nil || i.RunningPID() != 0 {
		t.Errorf("error %v, process %d: want Apache stopped again", err, i.RunningPID())
	}
	if err := i.apply(i.declare("6.1.1", "hello")); err != nil {
		t.Fatal(err)
	}
	i.expect("hello", "6.1.1")
}

func TestSiteMovesFromHTTPToHTTPS(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	before := i.tree()
	d := i.declare("6.1.1", "hello")
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	d = i.declare("6.1.1", "hello")
	d.Sites[0].HTTPSPort = httpdtest.FreePort(t)
	d.Sites[0].SSLCertificateFile, d.Sites[0].SSLCertificateKeyFile = certificate(i, "hello")
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	if status, _, err := i.get("hello.example.org"); status != http.StatusMovedPermanently || err != nil {
		t.Errorf("HTTP: status %d, error %v", status, err)
	}
	if err := i.remove("hello"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, i.tree()); diff != "" {
		t.Errorf("the Apache is another one (-before +after):\n%s", diff)
	}
}

func TestDeclarationsOfSeveralProjectsLiveSideBySide(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	before := i.tree()
	first := i.declare("6.1.1", "hello")
	second := i.declare("6.1.1", "shop")
	second.File = i.write(filepath.Join(i.apps, "second.toml"), "")
	second.Sites[0].Script, second.Sites[0].Module = "", "wsgi:application"
	second.Daemons[0].Settings = append(second.Daemons[0].Settings, pythonPath(filepath.Join(i.apps, "shop")))
	for _, d := range []Declaration{first, second} {
		if err := i.apply(d); err != nil {
			t.Fatal(err)
		}
	}
	i.expect("hello", "6.1.1")
	i.expect("shop", "6.1.1")
	for _, d := range []Declaration{first, second} {
		if plan, err := i.Plan(d, Refuse); err != nil || !plan.IsEmpty() {
			t.Errorf("plan of %s: error %v, changes %v", d.File, err, plan.Changes)
		}
	}
	clash := i.declare("6.1.1", "hello")
	clash.File = second.File
	if _, err := i.Plan(clash, Refuse); err == nil || !strings.Contains(err.Error(), first.File) {
		t.Errorf("a second site of the same name: error %v", err)
	}
	for _, site := range []string{"hello", "shop"} {
		if err := i.remove(site); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(before, i.tree()); diff != "" {
		t.Errorf("the Apache is another one (-before +after):\n%s", diff)
	}
}

func TestSiteOfOthersThatIsBrokenAlreadyDoesNotStandInTheWay(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	others := i.declare("6.1.1", "theirs")
	others.File = i.write(filepath.Join(i.apps, "theirs.toml"), "")
	if err := i.apply(others); err != nil {
		t.Fatal(err)
	}
	i.write(others.Sites[0].Script, "import nothing_of_that_name\n")
	if err := i.apply(i.declare("6.1.1", "ours")); err != nil {
		t.Fatal(err)
	}
	i.expect("ours", "6.1.1")
	d := i.declare("6.1.1", "ours", "spoilt")
	i.write(d.Sites[1].Script, "import nothing_of_that_name\n")
	if err := i.apply(d); err == nil || strings.Contains(err.Error(), "theirs.example.org") {
		t.Errorf("error %v", err)
	}
	i.expect("ours", "6.1.1")
	i.clean()
}

func TestEditedFileIsAdoptedOrOverwritten(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	if err := i.apply(i.declare("6.1.1", "hello")); err != nil {
		t.Fatal(err)
	}
	site := filepath.Join(i.root, "sites-available/hello.conf")
	text, _ := os.ReadFile(site)
	edited := string(text) + "# edited\n"
	i.write(site, edited)
	d := i.declare("6.1.1", "hello")
	if plan, err := i.Plan(d, Refuse); err != nil || len(plan.Conflicts) != 1 || !plan.Conflicts[0].Edited {
		t.Fatalf("error %v, conflicts %v", err, plan.Conflicts)
	}
	plan, err := i.Plan(d, Adopt)
	if err != nil {
		t.Fatal(err)
	}
	if err := i.carryOut(plan); err != nil {
		t.Fatal(err)
	}
	adopted, _ := os.ReadFile(site)
	if !strings.HasSuffix(string(adopted), "# edited\n") {
		t.Errorf("adopted: %s", adopted)
	}
	if plan, err := i.Plan(d, Refuse); err != nil || !plan.IsEmpty() {
		t.Errorf("after adopting: error %v, changes %v", err, plan.Changes)
	}
	if plan, err = i.Plan(d, Overwrite); err != nil {
		t.Fatal(err)
	}
	if err := i.carryOut(plan); err != nil {
		t.Fatal(err)
	}
	if again, _ := os.ReadFile(site); string(again) != string(text) {
		t.Errorf("overwritten: %s", again)
	}
}

func TestRollbackGoesBackStepByStepAndToTheStart(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	start := i.tree()
	var trees []map[string]store.PathState
	for _, names := range [][]string{{"hello"}, {"hello", "shop"}, {"shop"}} {
		if err := i.apply(i.declare("6.1.1", names...)); err != nil {
			t.Fatal(err)
		}
		trees = append(trees, i.tree())
	}
	rollback := func(number int, want map[string]store.PathState) {
		t.Helper()
		plan, err := i.PlanRollback(number, "", Refuse)
		if err != nil {
			t.Fatal(err)
		}
		if err := i.carryOut(plan); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, i.tree()); diff != "" {
			t.Errorf("rollback %d (-want +got):\n%s", number, diff)
		}
	}
	rollback(-1, trees[1])
	i.expect("hello", "6.1.1")
	rollback(-1, trees[0])
	rollback(3, trees[2])
	i.expect("shop", "6.1.1")
	rollback(0, start)
}

func TestPathThatADaemonCannotReadIsNamedBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	d := i.declare("6.1.1", "hello")
	d.Sites[0].Daemon = "hello"
	if err := d.CheckAccess(&i.host); err != nil {
		t.Errorf("all can be read, yet: %v", err)
	}
	os.Chmod(filepath.Join(i.apps, "hello"), 0o700)
	err := d.CheckAccess(&i.host)
	if err == nil || !strings.Contains(err.Error(), "user www-data may not read "+filepath.Join(i.apps, "hello")) {
		t.Errorf("error %v", err)
	}
}

// One declaration asks for the sizes of the server, and the daemon process
// groups of all declarations count.
func TestLimitsAreForTheDaemonsOfAllDeclarations(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	before := i.tree()
	first, second := i.declare("6.1.1", "hello"), i.declare("6.1.1", "shop")
	second.File = i.write(filepath.Join(i.apps, "second.toml"), "")
	first.Limits = templates.Limits{Arrival: 20, Reserve: 30}
	for _, d := range []Declaration{first, second} {
		if err := i.apply(d); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(i.root, "conf-enabled/wsgictl-limits.conf")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# hello             5 worked on", "# shop              5 worked on", "20 a second", "<IfModule mpm_event_module>"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, d := range []Declaration{first, second} {
		if plan, err := i.Plan(d, Refuse); err != nil || !plan.IsEmpty() {
			t.Errorf("a second plan: error %v, changes %v", err, plan.Changes)
		}
	}
	greedy := second
	greedy.Limits = templates.Limits{Arrival: 1}
	if _, err := i.Plan(greedy, Refuse); err == nil || !strings.Contains(err.Error(), first.File) {
		t.Errorf("two that size the server: error %v", err)
	}
	if err := i.remove("hello"); err != nil { // and what it asked for
		t.Fatal(err)
	}
	if isFile(file) {
		t.Errorf("%s is there still", file)
	}
	if err := i.rollback(2); err != nil {
		t.Fatal(err)
	}
	if again, _ := os.ReadFile(file); string(again) != string(text) {
		t.Errorf("after the rollback: %s", again)
	}
	if err := i.rollback(0); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, i.tree()); diff != "" {
		t.Errorf("the Apache is another one (-before +after):\n%s", diff)
	}
}
