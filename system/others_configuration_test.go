package system

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/wsgictl/wsgictl/trust"
)

// A configuration in force has Apache, as root, use what is alice's.
func TestConfigurationOfSomebodyElseIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lay  func(p *othersProject) // into a configuration that Apache has not taken up
		says string
	}{
		"an include": {func(p *othersProject) {
			p.write(filepath.Join(p.folder, "apache/hers.conf"), "LoadModule hers_module "+p.trapModule()+"\n")
			p.write("conf-enabled/homes.conf", "IncludeOptional "+filepath.Dir(p.folder)+"/*/apache/*.conf\n")
		}, "Apache, as root, reads its configuration from "},
		"a folder that may bring one": {func(p *othersProject) {
			p.write("conf-enabled/homes.conf", "IncludeOptional "+filepath.Dir(p.folder)+"/shop/*.conf\n")
		}, "Apache, as root, looks for its configuration in "},
		"a library": {func(p *othersProject) {
			p.write("conf-enabled/library.conf", "LoadFile "+p.trapModule()+"\n")
		}, "Apache, as root, loads "},
		"a program that takes logs": {func(p *othersProject) {
			p.write("conf-enabled/logs.conf", "CustomLog \"|"+p.folder+"/logger\" combined\n")
		}, "Apache, as root, starts "},
		"a FIFO": {func(p *othersProject) {
			if err := syscall.Mkfifo(filepath.Join(p.folder, "hers.conf"), 0o644); err != nil {
				t.Error(err)
			}
			if err := os.Symlink(filepath.Join(p.folder, "hers.conf"), filepath.Join(p.root, "conf-enabled/hers.conf")); err != nil {
				t.Error(err)
			}
		}, "hers.conf"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newOthersProject(t)
			p.keep("6.1.1")
			c.lay(p)
			p.give(filepath.Dir(p.folder))
			for _, command := range []string{"plan", "apply"} {
				output, err := p.run(command, "--file", p.file, "--modules-directory", p.kept)
				p.says(output, err, true, c.says)
			}
			p.untouched()
			if traces, err := filepath.Glob(filepath.Join(p.traces, "module-*")); err != nil || len(traces) > 0 {
				t.Errorf("loaded: %v, %v", traces, err)
			}
		})
	}
}

// trapModule is the library that says who loads it.
func (p *othersProject) trapModule() string {
	p.t.Helper()
	modules, err := filepath.Glob(filepath.Join(p.folder, "venv/lib/python3.*/site-packages/mod_wsgi/server/*.so"))
	if err != nil || len(modules) != 1 {
		p.t.Fatalf("modules %v, error %v", modules, err)
	}
	return modules[0]
}

// What Apache uses already is said to be so, and gone on with by name alone.
func TestConfigurationOfSomebodyElseIsTakenAtOwnRisk(t *testing.T) {
	t.Parallel()
	p := newOthersProject(t)
	p.keep("6.1.1")
	hers := p.write(filepath.Join(p.folder, "hers.conf"), "# nothing\n")
	p.give(p.folder)
	p.write("conf-enabled/homes.conf", "Include "+hers+"\n")
	args := []string{"apply", "--yes", "--file", p.file, "--modules-directory", p.kept}
	output, err := p.run(args...)
	p.says(output, err, true, "nothing was changed: Apache, as root, reads its configuration from "+hers, "it does so already", "--trust '#61001'")
	output, err = p.run(append(args, "--trust", "#61001")...)
	p.says(output, err, false, "Done: generation 1")
	output, err = p.run("remove", "shop", "--yes")
	p.says(output, err, false, "Done: generation 2")
	output, err = p.run("rollback", "--yes") // in generation 2 nobody is trusted
	p.says(output, err, true, "nothing was changed", "--trust '#61001'")
	output, err = p.run("rollback", "--yes", "--trust", "#61001")
	p.says(output, err, false, "Done: generation 3")
}

func TestControlOfSomebodyElseIsRefused(t *testing.T) {
	t.Parallel()
	i := newStoppedInstance(t, "event")
	for _, path := range []string{"envvars", "run"} {
		given := filepath.Join(i.root, path)
		if err := os.Lchown(given, alice, alice); err != nil {
			t.Fatal(err)
		}
		_, err := New(i.host)
		if !errors.As(err, new(*trust.Untrusted)) || !strings.Contains(err.Error(), given) {
			t.Errorf("%s: error %v", path, err)
		}
		if _, err := New(i.host, "#61001"); err != nil {
			t.Errorf("%s, trusted: error %v", path, err)
		}
		if err := os.Lchown(given, 0, 0); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := New(i.host, "nobody-of-that-name"); err == nil || !strings.Contains(err.Error(), "nobody-of-that-name") {
		t.Errorf("error %v", err)
	}
}
