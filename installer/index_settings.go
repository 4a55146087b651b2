package installer

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
)

// IndexSettings say where packages come from and how to reach it.
type IndexSettings struct {
	Indexes    []string // addresses of simple indexes; they may hold a login
	FirstOnly  bool     // the first index that has the project is the only one to look at: uv's rule
	CABundle   string   // file of certificates to trust; empty is the system's
	ClientCert string   // file with a certificate and its key
	Proxy      string   // empty is what the environment says
	Trusted    []string // hosts that need no valid certificate, nor https
}

// FindIndexSettings gives the settings that hold here: those of pip, or those
// of uv where uv made the virtualenv, then the other's, then pip's default
// index. An address given explicitly replaces all indexes that are set.
func FindIndexSettings(s Surroundings, explicit string, python *detect.Python, venv *detect.Virtualenv) (IndexSettings, error) {
	pip, err := s.pipConfig()
	if err != nil {
		return IndexSettings{}, err
	}
	settings := IndexSettings{
		CABundle:   firstOf(pip["cert"], s.Getenv("REQUESTS_CA_BUNDLE"), s.Getenv("CURL_CA_BUNDLE"), s.Getenv("SSL_CERT_FILE")),
		ClientCert: firstOf(pip["client-cert"], s.Getenv("SSL_CLIENT_CERT")),
		Proxy:      pip["proxy"],
		Trusted:    pip.list("trusted-host"),
	}
	if explicit != "" {
		settings.Indexes = []string{explicit}
		return settings, nil
	}
	uv, err := s.uvIndexes()
	if err != nil {
		return IndexSettings{}, err
	}
	usesUV := len(uv) > 0 && (venv != nil && venv.Kind == "uv" || pip["index-url"] == "" && pip["extra-index-url"] == "")
	if usesUV {
		settings.Indexes, settings.FirstOnly = uv, true
		return settings, nil
	}
	if pip.on("no-index") {
		return IndexSettings{}, fmt.Errorf("pip's setting no-index forbids any index: give --source with an archive, or --index-url")
	}
	index := pip["index-url"]
	if index == "" {
		if index, err = s.defaultIndex(python, venv); err != nil {
			return IndexSettings{}, err
		}
	}
	settings.Indexes = append([]string{index}, pip.list("extra-index-url")...)
	return settings, nil
}

// firstOf is the first of its arguments that says something.
func firstOf(values ...string) string {
	for _, value := range values {
		if strings.TrimSpace(value) != "" {
			return value
		}
	}
	return ""
}
