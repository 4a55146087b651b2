package audit

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/wsgi"
)

func TestUsesAsRootAreWhatDirectivesName(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][]string{
		"LoadModule wsgi_module modules/mod_wsgi.so":                 {"loads /root/modules/mod_wsgi.so"},
		"LoadFile /lib/a.so lib/b.so":                                {"loads /lib/a.so", "loads /root/lib/b.so"},
		"ErrorLog logs/error.log":                                    {"opens for writing /root/logs/error.log"},
		"ErrorLog syslog":                                            nil,
		"ErrorLog /dev/stderr":                                       nil,
		"CustomLog /proc/self/fd/1 combined":                         nil,
		"ErrorLog /dev/shm/error.log":                                {"opens for writing /dev/shm/error.log"},
		"LoadFile /dev/../srv/a.so /proc/../srv/b.so":                {"loads /srv/a.so", "loads /srv/b.so"},
		"CustomLog ${LOGS}/access.log combined":                      nil,
		`CustomLog "|/bin/log 'a b' /var/log/x" combined`:            {"starts /bin/log", "opens for writing /var/log/x"},
		`GlobalLog "|$/bin/log -x" combined`:                         {"starts /bin/log"},
		`ForensicLog "||/bin/log"`:                                   {"starts /bin/log"},
		`TransferLog "|log"`:                                         nil,
		`SecAuditLog "|/bin/mlogc /etc/mlogc.conf"`:                  {"runs /bin/mlogc", "opens for writing /etc/mlogc.conf"},
		"SecDebugLog debug.log":                                      {"opens for writing /root/debug.log"},
		"PerlConfigRequire /etc/a.pl startup.pl":                     {"loads /etc/a.pl"},
		"PerlRequire /etc/a.pl":                                      {"loads at its start /etc/a.pl"},
		"MDMessageCmd /usr/local/bin/told --all":                     {"starts /usr/local/bin/told"},
		"SSLPassPhraseDialog builtin":                                nil,
		"SSLPassPhraseDialog |bin/pass":                              {"starts /root/bin/pass"},
		"SSLPassPhraseDialog \"exec:/bin/pass -x\"":                  {"starts /bin/pass"},
		"SSLRandomSeed startup exec:/bin/random 512":                 {"starts /bin/random"},
		"SSLCertificateKeyFile pkcs11:token=a":                       nil,
		"SSLCertificateFile both.pem":                                {"takes a private key from /root/both.pem"},
		"SSLCertificateFile cert.pem\nSSLCertificateKeyFile key.pem": {"takes a private key from /root/key.pem"},
		"SSLProxyMachineCertificatePath /etc/keys":                   {"takes a private key from /etc/keys"},
		"RewriteMap a prg:/bin/map":                                  {"starts /bin/map"},
		"RewriteMap a prg:/bin/map nobody:nogroup":                   nil,
		"RewriteMap a txt:/etc/map":                                  nil,
		"WSGIDaemonProcess a chroot=/srv/jail user=a":                {"takes for its root, and looks for libraries in, /srv/jail"},
		"WSGILazyInitialization On\nWSGIPythonHome /usr":             nil,
		"<IfModule !mod_wsgi.c>\nErrorLog logs/no.log\n</IfModule>":  nil,
	} {
		config := conf.ReadSource("-", line+"\n", conf.Options{ServerRoot: "/root", Modules: []conf.Module{wsgi.Module(modwsgi.Release{})}})
		var got []string
		usesAsRoot(wsgi.Look(config, modwsgi.Release{}, nil), func(use Use) { got = append(got, use.Verb+" "+use.Path) })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", line, diff)
		}
	}
}

// TestLibrariesAreThoseOfTheRunPath builds a library that needs another one by
// its run path, as a module that was linked with the libpython of a home does.
func TestLibrariesAreThoseOfTheRunPath(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		needtest.Elsewhere(t, "the linker of other systems takes other words")
	}
	root := t.TempDir()
	home, module := filepath.Join(root, "home"), filepath.Join(root, "module.so")
	if err := os.Mkdir(home, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, words := range [][]string{
		{"-o", home + "/libneeded.so", "-Wl,-soname,libneeded.so"},
		{"-o", module, "-Wl,-rpath," + home + ":$ORIGIN/../beside:relative", "-Wl,--no-as-needed", "-L" + home, "-lneeded"},
	} {
		compile := exec.Command("cc", append([]string{"-shared", "-x", "c", "/dev/null"}, words...)...)
		if output, err := compile.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
	}
	v := wsgi.Look(conf.ReadSource("-", "", conf.Options{}), modwsgi.Release{}, nil)
	if diff := cmp.Diff([]string{home, home + "/libneeded.so", filepath.Join(filepath.Dir(root), "beside")}, v.LibrariesFor(module)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if found := v.LibrariesFor("/dev/null"); found != nil {
		t.Errorf("a device needs %v", found)
	}
}
