package system

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// adopted applies a declaration, with what persons changed.
func (i *instance) adopted(d Declaration) {
	i.t.Helper()
	plan, err := i.Plan(d, Adopt)
	if err != nil {
		i.t.Fatal(err)
	}
	if err := i.carryOut(plan); err != nil {
		i.t.Fatal(err)
	}
}

func (i *instance) read(name string) string {
	i.t.Helper()
	text, err := os.ReadFile(filepath.Join(i.root, name))
	if err != nil {
		i.t.Fatal(err)
	}
	return string(text)
}

// patches are those in force, as "NAME: DIFF".
func (i *instance) patches() string {
	i.t.Helper()
	current, err := i.Current()
	if err != nil {
		i.t.Fatal(err)
	}
	patches, err := i.Patches(current.Managed)
	if err != nil {
		i.t.Fatal(err)
	}
	var text strings.Builder
	for _, p := range patches {
		text.WriteString(p.Name + ": " + p.Diff)
	}
	return text.String()
}

const siteFile = "sites-available/hello.conf"

// What a person changed stays on top of what is declared later, and is named,
// until it is overwritten.
func TestAdoptedChangeStaysOnTopOfLaterDeclarations(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	d := i.declare("6.1.1", "hello")
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	i.write(siteFile, strings.Replace(i.read(siteFile), "    ServerSignature Off\n", "    ServerSignature Off\n    Header set X-By-Hand 1\n", 1))
	if plan, err := i.Plan(d, Refuse); err != nil || len(plan.Conflicts) != 1 {
		t.Fatalf("error %v, conflicts %v", err, plan.Conflicts)
	}
	i.adopted(d)
	if got := i.patches(); !strings.HasPrefix(got, "hello.conf-2: @@ ") || !strings.Contains(got, "\n+    Header set X-By-Hand 1\n") || strings.Count(got, "\n+")+strings.Count(got, "\n-") != 1 {
		t.Errorf("patches %s", got)
	}

	d.Sites[0].ServerAlias = []string{"www.hello.example.org"}
	d.Sites[0].RequestReadTimeout = "header=20"
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	now := i.read(siteFile)
	for _, want := range []string{"(with patch hello.conf-2)", "ServerAlias www.hello.example.org", "RequestReadTimeout header=20", "Header set X-By-Hand 1"} {
		if !strings.Contains(now, want) {
			t.Errorf("no %s in:\n%s", want, now)
		}
	}
	i.expect("hello", "6.1.1")
	if plan, err := i.Plan(d, Refuse); err != nil || !plan.IsEmpty() {
		t.Errorf("error %v, changes %v", err, plan.Changes)
	}
	i.clean()

	if err := i.rollback(1); err != nil { // before the change
		t.Fatal(err)
	}
	if got := i.patches(); got != "" || strings.Contains(i.read(siteFile), "X-By-Hand") {
		t.Errorf("patches %s, file:\n%s", got, i.read(siteFile))
	}
	if err := i.rollback(3); err != nil {
		t.Fatal(err)
	}
	if got := i.read(siteFile); got != now {
		t.Errorf("rolled back:\n%s", got)
	}
	if err := i.overwrite(d); err != nil {
		t.Fatal(err)
	}
	if got := i.patches(); got != "" || strings.Contains(i.read(siteFile), "X-By-Hand") || !strings.Contains(i.read(siteFile), "ServerAlias") {
		t.Errorf("patches %s, file:\n%s", got, i.read(siteFile))
	}
}

func TestPatchThatNoLongerFitsIsRefusedWithBothVersions(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	d := i.declare("6.1.1", "hello")
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	i.write(siteFile, strings.Replace(i.read(siteFile), "LimitRequestBody 10485760", "LimitRequestBody 20485760", 1))
	i.adopted(d)
	before := i.tree()
	limit := int64(7)
	d.Sites[0].LimitRequestBody = &limit
	_, err := i.Plan(d, Refuse)
	if misfit := (*Misfit)(nil); !errors.As(err, &misfit) {
		t.Fatalf("error %v", err)
	}
	for _, want := range []string{"patch hello.conf-2 of " + i.root + "/" + siteFile, "declared was\n        LimitRequestBody 10485760", "the patch makes of it\n        LimitRequestBody 20485760", "declared is\n        LimitRequestBody 7\n", "--overwrite", "--adopt"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in:\n%v", want, err)
		}
	}
	if len(before) != len(i.tree()) {
		t.Error("something was written")
	}

	// A person writes what it shall be, and that is the patch then.
	i.write(siteFile, strings.Replace(i.read(siteFile), "LimitRequestBody 20485760", "LimitRequestBody 8", 1))
	i.adopted(d)
	if got := i.patches(); !strings.HasPrefix(got, "hello.conf-3: ") || !strings.Contains(got, "\n-    LimitRequestBody 7\n+    LimitRequestBody 8\n") {
		t.Errorf("patches %s", got)
	}
	// What was declared meanwhile is no patch any more.
	i.write(siteFile, strings.Replace(i.read(siteFile), "LimitRequestBody 8", "LimitRequestBody 7", 1))
	i.adopted(d)
	if got := i.patches(); got != "" {
		t.Errorf("patches %s", got)
	}
}

// A file that a person made where one of wsgictl's belongs stays as it is.
func TestAdoptedFileOfAPersonStays(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	d := i.declare("6.1.1", "hello")
	i.write(siteFile, "# by hand\n")
	i.brokenByOthers = true
	plan, err := i.Plan(d, Adopt)
	if err != nil {
		t.Fatal(err)
	}
	patches, err := i.Patches(plan.Managed)
	if err != nil || len(patches) != 1 || !strings.Contains(patches[0].Diff, "\n+# by hand\n") {
		t.Errorf("patches %v, error %v", patches, err)
	}
}

// Stores of older releases say that a content was adopted, and not of what.
func TestContentAdoptedByAnOlderReleaseBecomesAPatch(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	d := i.declare("6.1.1", "hello")
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	i.write(siteFile, strings.Replace(i.read(siteFile), "ServerSignature Off\n", "ServerSignature Off\n    Header set X-By-Hand 1\n", 1))
	i.adopted(d)
	i.forgetPatch(2)
	if got := i.patches(); got != "adopted content: an older wsgictl took all of the file over; the next apply makes a patch of it\n" {
		t.Errorf("patches %s", got)
	}
	d.Sites[0].ServerAlias = []string{"www.hello.example.org"} // cannot be told from the person's change, and so is it
	if err := i.apply(d); err != nil {
		t.Fatal(err)
	}
	if got := i.patches(); !strings.Contains(got, "\n+    Header set X-By-Hand 1\n") || !strings.Contains(got, "\n-    ServerAlias www.hello.example.org\n") {
		t.Errorf("patches %s", got)
	}
}

// forgetPatch makes of a generation what an older wsgictl would have written.
func (i *instance) forgetPatch(number int) {
	i.t.Helper()
	name := recordOf(strconv.Itoa(number))
	var g map[string]any
	if err := i.History.ReadRecord(name, &g); err != nil {
		i.t.Fatal(err)
	}
	for _, managed := range g["managed"].(map[string]any) {
		if fields := managed.(map[string]any); fields["patch"] != nil {
			delete(fields, "patch")
			fields["adopted"] = true
		}
	}
	if err := i.History.WriteRecord(name, g); err != nil {
		i.t.Fatal(err)
	}
}
