package installer

import (
	"errors"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
)

// IndexSettings say where packages come from and how to reach it.
type IndexSettings struct {
	FindLinks   []string // folders, archives and pages with links to archives, beside the indexes; they may hold a login
	Indexes     []string // addresses of simple indexes; they may hold a login
	FirstOnly   bool     // the first index that has the project is the only one to look at: uv's rule
	CABundle    string   // file of certificates to trust; empty is the system's
	ClientCert  string   // file with a certificate and its key
	Proxy       string   // empty is what the environment says
	Trusted     []string // hosts that need no valid certificate, nor https
	PreReleases bool     // take pre-releases too
	NoKeyring   bool     // do not ask the program keyring for passwords
	Offline     string   // where it is said that nothing may be asked; empty where it is not
	Patience    Patience

	Origins map[string]string // of FindLinks and Indexes, by address: where each was set
}

// FindIndexSettings gives the settings that hold here: those of pip, or those
// of uv where uv made the virtualenv, then the other's, then pip's default
// index. An address given explicitly replaces all indexes that are set.
func FindIndexSettings(s PipEnvironment, explicit string, python *detect.Python, venv *detect.Virtualenv) (IndexSettings, error) {
	pip, from, err := s.pipConfig()
	if err != nil {
		return IndexSettings{}, err
	}
	bundle, err := s.caBundle(pip)
	if err != nil {
		return IndexSettings{}, err
	}
	settings := IndexSettings{
		CABundle:    bundle,
		ClientCert:  s.ownFile(s.withHome(firstOf(pip["client-cert"], s.Getenv("SSL_CLIENT_CERT"))), "name a certificate in PIP_CLIENT_CERT that nobody else can change"),
		Proxy:       pip["proxy"],
		Trusted:     pip.list("trusted-host"),
		NoKeyring:   pip["keyring-provider"] == "disabled",
		PreReleases: pip.on("pre"),
		Origins:     map[string]string{},
	}
	if settings.Patience, err = pip.patience(); err != nil {
		return IndexSettings{}, err
	}
	if explicit != "" {
		settings.add(&settings.Indexes, "--index-url", explicit)
		return settings, nil
	}
	uv, err := s.uvSettings()
	if err != nil {
		return IndexSettings{}, err
	}
	if uv.lead(pip, venv) {
		err = s.addUVPlaces(&settings, uv, python, venv)
	} else {
		err = s.addPipPlaces(&settings, pip, from, python, venv)
	}
	return settings, err
}

// addPipPlaces adds the places where pip looks: find-links, and the indexes
// unless it is to use none. from says where each setting was made.
func (s PipEnvironment) addPipPlaces(settings *IndexSettings, pip pipSettings, from map[string]string, python *detect.Python, venv *detect.Virtualenv) error {
	for _, place := range pip.list("find-links") {
		settings.add(&settings.FindLinks, from["find-links"], s.withHome(place))
	}
	switch {
	case pip.on("no-index") && len(settings.FindLinks) == 0:
		return errors.New("pip's setting no-index forbids any index, and its find-links names no other place: give --source with an archive, or --index-url")
	case pip.on("no-index"):
		return nil
	case pip["index-url"] != "":
		settings.add(&settings.Indexes, from["index-url"], pip["index-url"])
	default:
		index, file, err := s.defaultIndex(python, venv)
		if err == nil {
			settings.add(&settings.Indexes, "pip's default, named in "+file, index)
		} else if len(settings.FindLinks) == 0 {
			return err
		}
	}
	settings.add(&settings.Indexes, from["extra-index-url"], pip.list("extra-index-url")...)
	return nil
}

// add adds places that were set in one place. One that is named twice keeps its
// first origin.
func (s *IndexSettings) add(places *[]string, origin string, addresses ...string) {
	for _, address := range addresses {
		*places = append(*places, address)
		if s.Origins[address] == "" {
			s.Origins[address] = origin
		}
	}
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
