package installer

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/wsgictl/wsgictl/trust"
)

// caBundle is the file, or folder, of certificates to trust; empty is the
// system's own. Root passes over one that somebody else could change.
func (s PipEnvironment) caBundle(pip pipSettings) (string, error) {
	for _, named := range []string{pip["cert"], s.Getenv("REQUESTS_CA_BUNDLE"), s.Getenv("CURL_CA_BUNDLE")} {
		if own := s.ownFile(s.withHome(firstOf(named)), "name certificates in PIP_CERT that nobody else can change"); own != "" {
			return own, nil
		}
	}
	// To find the system's, crypto/x509 goes by these itself: they cannot be
	// passed over.
	for _, name := range []string{"SSL_CERT_FILE", "SSL_CERT_DIR"} {
		for _, path := range filepath.SplitList(s.Getenv(name)) {
			if untrusted := (*trust.Untrusted)(nil); errors.As(trust.Deciders().Check(path), &untrusted) {
				return "", fmt.Errorf("certificates to trust (%s): %w: root trusts those alone that root alone can change: name others, or unset it", name, untrusted)
			}
		}
	}
	return s.withHome(firstOf(s.Getenv("SSL_CERT_FILE"))), nil
}
