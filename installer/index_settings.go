package installer

import (
	"errors"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
)

// IndexSettings say where packages come from and how to reach it.
type IndexSettings struct {
	FindLinks  []string // folders, archives and pages with links to archives, beside the indexes; they may hold a login
	Indexes    []string // addresses of simple indexes; they may hold a login
	FirstOnly  bool     // the first index that has the project is the only one to look at: uv's rule
	CABundle   string   // file of certificates to trust; empty is the system's
	ClientCert string   // file with a certificate and its key
	Proxy      string   // empty is what the environment says
	Trusted    []string // hosts that need no valid certificate, nor https
	NoKeyring  bool     // do not ask the program keyring for passwords
	Patience   Patience
}

// FindIndexSettings gives the settings that hold here: those of pip, or those
// of uv where uv made the virtualenv, then the other's, then pip's default
// index. An address given explicitly replaces all indexes that are set.
func FindIndexSettings(s Surroundings, explicit string, python *detect.Python, venv *detect.Virtualenv) (IndexSettings, error) {
	pip, err := s.pipConfig()
	if err != nil {
		return IndexSettings{}, err
	}
	bundle, err := s.caBundle(pip)
	if err != nil {
		return IndexSettings{}, err
	}
	settings := IndexSettings{
		CABundle:   bundle,
		ClientCert: s.ownFile(s.withHome(firstOf(pip["client-cert"], s.Getenv("SSL_CLIENT_CERT"))), "name a certificate in PIP_CLIENT_CERT that nobody else can change"),
		Proxy:      pip["proxy"],
		Trusted:    pip.list("trusted-host"),
		NoKeyring:  pip["keyring-provider"] == "disabled",
	}
	if settings.Patience, err = pip.patience(); err != nil {
		return IndexSettings{}, err
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
	for _, place := range pip.list("find-links") {
		settings.FindLinks = append(settings.FindLinks, s.withHome(place))
	}
	if pip.on("no-index") {
		if len(settings.FindLinks) == 0 {
			return IndexSettings{}, errors.New("pip's setting no-index forbids any index, and its find-links names no other place: give --source with an archive, or --index-url")
		}
		return settings, nil
	}
	index := pip["index-url"]
	if index == "" {
		index, err = s.defaultIndex(python, venv)
		if err != nil && len(settings.FindLinks) == 0 {
			return IndexSettings{}, err
		}
	}
	if index != "" {
		settings.Indexes = []string{index}
	}
	settings.Indexes = append(settings.Indexes, pip.list("extra-index-url")...)
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
