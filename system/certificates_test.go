package system

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/templates"
)

// makeCertificate writes NAME.crt and NAME.key.
func makeCertificate(t testing.TB, dir, name string) {
	t.Helper()
	makeCertificateUntil(t, dir, name, time.Now().Add(time.Hour))
}

func makeCertificateUntil(t testing.TB, dir, name string, until time.Time) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotAfter: until, Subject: pkix.Name{CommonName: "localhost"}}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{name + ".crt": {Type: "CERTIFICATE", Bytes: certificate}, name + ".key": {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(filepath.Join(dir, file), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCertificateWithTheKeyOfAnotherIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	makeCertificate(t, dir, "old")
	makeCertificate(t, dir, "new")
	if err := os.WriteFile(filepath.Join(dir, "secret.key"), []byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	host := func(lines string) string { return "<VirtualHost *:443>\nSSLEngine on\n" + lines + "</VirtualHost>\n" }
	pair := func(certificate, key string) string {
		return fmt.Sprintf("SSLCertificateFile %s\nSSLCertificateKeyFile %s\n", certificate, key)
	}
	for name, c := range map[string]struct {
		text    string
		refused bool
	}{
		"own key":              {host(pair("old.crt", "old.key")) + host(pair("new.crt", "new.key")), false},
		"key of another":       {host(pair("old.crt", "old.key")) + host(pair("new.crt", "old.key")), true},
		"second pair":          {host(pair("old.crt", "old.key") + pair("new.crt", "old.key")), true},
		"outside hosts":        {"SSLEngine on\n" + pair("new.crt", "old.key"), true},
		"engine off":           {strings.ReplaceAll(host(pair("new.crt", "old.key")), "SSLEngine on", "SSLEngine off"), false},
		"key with passphrase":  {host(pair("new.crt", "secret.key")), false},
		"absolute":             {host(pair(filepath.Join(dir, "new.crt"), filepath.Join(dir, "old.key"))), true},
		"undecided condition":  {"<IfVersion >= 2.4.50>\n" + host(pair("new.crt", "old.key")) + "</IfVersion>\n", false}, // of a release that is not known
		"missing, as -t tells": {host(pair("none.crt", "none.key")), false},
	} {
		file := filepath.Join(dir, "httpd.conf")
		if err := os.WriteFile(file, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		config, err := conf.Read(file, conf.Options{ServerRoot: dir, Scope: conf.Whole})
		if err != nil {
			t.Fatal(err)
		}
		err = CheckFiles(config, Generation{}.whose)
		if (err != nil) != c.refused || err != nil && !strings.Contains(err.Error(), file+":") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestCertificateAndKeyThatAreNoPairAreSaidInWords(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	makeCertificate(t, dir, "old")
	makeCertificate(t, dir, "new")
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	curveKey, err := x509.MarshalECPrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{
		"curve.key":   {Type: "EC PRIVATE KEY", Bytes: curveKey},
		"rsa.key":     {Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(rsaKey)},
		"secret.key":  {Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte{1}},
		"damaged.key": {Type: "RSA PRIVATE KEY", Bytes: []byte{1}},
	} {
		if err := os.WriteFile(at(file), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(at("text"), []byte("no PEM\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		certificate, key string
		want             error
	}{
		{"old.crt", "old.key", nil},
		{"new.crt", "old.key", errOtherKey},
		{"new.crt", "curve.key", errOtherKey},
		{"new.crt", "rsa.key", errOtherKey},
		{"new.crt", "secret.key", errNoKey},
		{"new.crt", "damaged.key", errNoKey},
		{"new.crt", "new.crt", errNoKey},
		{"new.crt", "text", errNoKey},
		{"new.key", "new.key", errNoCertificate},
		{"text", "new.key", errNoCertificate},
	} {
		if _, err := readCertificate(at(c.certificate), at(c.key)); !errors.Is(err, c.want) {
			t.Errorf("%s with %s: error %v, want %v", c.certificate, c.key, err, c.want)
		}
	}
}

// Of a host that is not wsgictl's, too: Apache would end when it reloads.
func TestApplyLeavesAnApacheAloneThatWouldNotSurviveAReload(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	makeCertificate(t, i.root, "old")
	makeCertificate(t, i.root, "new")
	for _, module := range []string{"ssl", "socache_shmcb"} {
		for _, suffix := range []string{".load", ".conf"} {
			if isFile(filepath.Join(i.root, "mods-available", module+suffix)) {
				_ = os.Symlink("../mods-available/"+module+suffix, filepath.Join(i.root, "mods-enabled", module+suffix))
			}
		}
	}
	i.write("sites-enabled/theirs.conf", fmt.Sprintf("<VirtualHost 127.0.0.1:%d>\nServerName theirs\nSSLEngine on\nSSLCertificateFile new.crt\nSSLCertificateKeyFile old.key\n</VirtualHost>\n", i.port))
	err := i.apply(i.declare("6.1.1", "hello"))
	if err == nil || !strings.Contains(err.Error(), "the key does not belong to the certificate") || !strings.Contains(err.Error(), "nothing was changed") {
		t.Errorf("error %v", err)
	}
	if i.RunningPID() == 0 {
		t.Error("Apache ended")
	}
}

func TestExpiredCertificateIsNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, until := range map[string]time.Time{"good": time.Now().Add(time.Hour), "expired": time.Now().Add(-time.Hour)} {
		makeCertificateUntil(t, dir, name, until)
		d := Declaration{Declaration: intent.Declaration{Sites: []templates.Site{
			{Name: "plain"},
			{Name: "shop", TLS: templates.TLS{SSLCertificateFile: filepath.Join(dir, name+".crt"), SSLCertificateKeyFile: filepath.Join(dir, name+".key")}},
		}}}
		advice := strings.Join(certificateAdvice(d), "\n")
		if strings.Contains(advice, "The certificate of site shop has expired") != (name == "expired") || strings.Contains(advice, "plain") {
			t.Errorf("%s: %q", name, advice)
		}
	}
}
