package fix

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/trusttest"
)

// TestFixesArePutBackWhereTheyWereWritten puts back a file whose folder has become a
// link to one of root's meanwhile.
func TestFixesArePutBackWhereTheyWereWritten(t *testing.T) {
	t.Parallel()
	dir := trusttest.TwoFolders(t)
	err := writeFixes(t, fixOf(dir+"/hers/conf/site.conf"), func() error {
		if err := errors.Join(os.Rename(dir+"/hers/conf", dir+"/hers/away"), os.Symlink("../roots", dir+"/hers/conf"),
			os.WriteFile(dir+"/roots/site.conf", []byte("Listen 82\n"), 0o644)); err != nil {
			t.Fatal(err)
		}
		return errors.New("no room")
	})
	if err == nil || !strings.Contains(err.Error(), "no room\nall was put back as it was before") {
		t.Errorf("error %v", err)
	}
	if text := textOf(t, dir+"/roots/site.conf"); text != "Listen 82\n" {
		t.Errorf("root's file has %q", text)
	}
	if text := textOf(t, dir+"/hers/away/site.conf"); text != "Listen 80\n" {
		t.Errorf("her file has %q", text)
	}
}

// TestWhatCameAfterAFixIsLeft puts nothing back where another file, or another text,
// is by now.
func TestWhatCameAfterAFixIsLeft(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(file string) error{
		"another text": func(file string) error { return os.WriteFile(file, []byte("Listen 82\n"), 0o600) },
		"another file": func(file string) error {
			return errors.Join(os.WriteFile(file+".new", []byte("Listen 82\n"), 0o600), os.Rename(file+".new", file))
		},
		"a link": func(file string) error {
			return errors.Join(os.Remove(file), os.WriteFile(file+".new", []byte("Listen 82\n"), 0o600), os.Symlink(file+".new", file))
		},
	} {
		file := filepath.Join(t.TempDir(), "site.conf")
		if err := os.WriteFile(file, []byte("Listen 80\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		err := writeFixes(t, fixOf(file), func() error { return errors.Join(errors.New("no"), change(file)) })
		if err == nil || !strings.Contains(err.Error(), "except what another program modified meanwhile: "+file) {
			t.Errorf("%s: error %v", name, err)
		}
		if text := textOf(t, file); text != "Listen 82\n" {
			t.Errorf("%s: text %q", name, text)
		}
	}
}

// TestFixesAreNotLedElsewhere refuses to write by a link of alice's to a file in a
// folder of root's.
func TestFixesAreNotLedElsewhere(t *testing.T) {
	t.Parallel()
	dir := trusttest.TwoFolders(t)
	link := dir + "/hers/conf/link.conf"
	if err := errors.Join(os.Symlink("../../roots/site.conf", link), os.Lchown(link, trusttest.Alice, trusttest.Alice)); err != nil {
		t.Fatal(err)
	}
	err := writeFixes(t, append(fixOf(dir+"/hers/conf/site.conf"), fixOf(link)...), nil)
	if err == nil || !strings.Contains(err.Error(), "user 61001 can change without the right to write in "+dir+"/roots") {
		t.Errorf("error %v", err)
	}
	for _, file := range []string{"/roots/site.conf", "/hers/conf/site.conf"} {
		if text := textOf(t, dir+file); text != "Listen 80\n" {
			t.Errorf("%s has %q", file, text)
		}
	}
}

// flipping turns the folder conf into a link to root's and back, for ever.
const flipping = `
import os
while True:
    os.rename("conf", "away")
    os.symlink("../roots", "conf")
    os.unlink("conf")
    os.rename("away", "conf")
`

// TestFixesCannotBeRaced fixes a file of alice's and puts it back, again and again,
// while she turns its folder into a link as fast as she can.
func TestFixesCannotBeRaced(t *testing.T) {
	t.Parallel()
	dir := trusttest.TwoFolders(t)
	ctx, cancel := context.WithCancel(t.Context())
	flips := make(chan error, 1)
	go func() {
		_, err := trust.Account{UID: trusttest.Alice, Groups: []int{trusttest.Alice}}.Run(ctx, trust.Job{Program: "/usr/bin/python3", Args: []string{"-c", flipping}, Dir: dir + "/hers", Limit: time.Minute})
		flips <- err
	}()
	written, refused := 0, 0
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end); {
		verified := false
		err := writeFixes(t, fixOf(dir+"/hers/conf/site.conf"), func() error { verified = true; return errors.New("no") })
		if verified {
			written++
		} else {
			refused++
		}
		if verified && strings.Contains(err.Error(), "except") {
			t.Fatal(err)
		}
		if text := textOf(t, dir+"/roots/site.conf"); text != "Listen 80\n" {
			t.Fatalf("root's file has %q after %d fixes", text, written)
		}
	}
	cancel()
	if err := <-flips; ctx.Err() == nil || written == 0 || refused == 0 {
		t.Errorf("%d written, %d refused: nothing was raced: %v", written, refused, err)
	}
}
