package templates

import "encoding/json"

// A Starter is what the first wsgictl.toml of a project says.
type Starter struct {
	Name           string // of the site and its daemon process group
	ServerName     string
	Venv           string
	Script         string
	CallableObject string // empty for "application"
	Home           string // working folder, and where imports begin
	User           string // empty when it is still to be chosen

	ACME            string // as of [ACME]
	ACMEAcceptTerms bool

	Trust []string // accounts, as the option --trust names them
}

// Render gives the text of the file, with what else it may say in comments.
func (s Starter) Render() (string, error) {
	if err := CheckName("site", s.Name); err != nil {
		return "", err
	}
	return execute("starter.toml.tmpl", s)
}

// CheckACME reports an authority for certificates that is named by half.
func (s Starter) CheckACME() error {
	return ACME{ACME: s.ACME, ACMEAcceptTerms: s.ACMEAcceptTerms, ACMEStore: "/"}.check()
}

// tomlString writes a text as a basic string of TOML: every string of JSON is
// one.
func tomlString(text string) (string, error) {
	quoted, err := json.Marshal(text)
	return string(quoted), err
}
