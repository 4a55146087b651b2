package cli

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/system"
)

// What mod_md writes is told in the order of what matters.
func TestCertificatesOfModMDAreTold(t *testing.T) {
	t.Parallel()
	next := time.Date(2036, 12, 1, 12, 25, 41, 0, time.UTC)
	failed := `{"finished": false, "errors": 2, "next-run": "` + next.Format("Mon, 02 Jan 2006 15:04:05 GMT") + `", "last": {"problem": "urn:ietf:params:acme:error:rejectedIdentifier", "detail": "no"}}`
	until := time.Now().Add(48 * time.Hour)
	inUse := "https    shop: certificate of Pebble until " + until.Local().Format(time.DateOnly) + "\n"
	none := "https    shop: no certificate yet, so that HTTPS answers with 503; HTTP is served\n"
	attempts := "         2 attempts failed: urn:ietf:params:acme:error:rejectedIdentifier: no\n         Apache tries again at " + next.Local().Format(time.DateTime) + "\n"
	for name, c := range map[string]struct {
		until time.Time // of the certificate; zero for none
		job   string
		want  string
		fine  bool
	}{
		"in use":            {until, "", inUse, true},
		"the next one":      {until, `{"finished": true}`, inUse + "         the next one has been obtained; Apache takes it up when it is reloaded\n", true},
		"not renewed":       {until, failed, inUse + attempts, false},
		"refused":           {time.Time{}, failed, none + attempts, false},
		"not asked yet":     {time.Time{}, "", none + "         Apache has not asked since it was reloaded, and does so within a minute or when the last failure is long enough ago; its error log tells of that one (md:error)\n", false},
		"expired":           {time.Now().Add(-48 * time.Hour), "", "https    shop: the certificate of Pebble has expired (" + time.Now().Add(-48*time.Hour).Local().Format(time.DateOnly) + ")\n", false},
		"no work of mod_md": {until, `[]`, "https    shop: JOB: it is not what mod_md writes\n", false},
	} {
		folder := t.TempDir()
		site := system.Site{Certificate: filepath.Join(folder, "pubcert.pem"), Job: filepath.Join(folder, "job.json")}
		if !c.until.IsZero() {
			writeCertificate(t, site.Certificate, c.until)
		}
		if c.job != "" {
			if err := os.WriteFile(site.Job, []byte(c.job), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var told bytes.Buffer
		fine := reportCertificates(&told, map[string]system.Site{"shop": site, "plain": {}}, paletteFor(&told))
		if diff := cmp.Diff(strings.Replace(c.want, "JOB", site.Job, 1), told.String()); diff != "" || fine != c.fine {
			t.Errorf("%s: fine %v (-want +got):\n%s", name, fine, diff)
		}
	}
}

func writeCertificate(t *testing.T, path string, until time.Time) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: until, Subject: pkix.Name{CommonName: "Pebble"}}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A declaration that is there already and serves HTTP is not passed over.
func TestBootstrapSaysWhereItsAddressWouldHaveNoEffect(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"[site.shop]\n": `--acme: wsgictl.toml is there already and says otherwise: write acme = "me@example.org" and acme-accept-terms = true into its [site.shop], then: wsgictl apply`,
		"[site.shop]\nacme = \"me@example.org\"\nacme-accept-terms = true\n": "",
	} {
		file, err := intent.Parse("wsgictl.toml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := (bootstrapCommand{projectFlags: projectFlags{ACME: "me@example.org"}}).declaresACME(intent.Declared{Path: "wsgictl.toml", File: file}); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: error %q, want %q", text, got, want)
		}
	}
}
