package installer

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/trust"
)

// pipSettings are the settings of "pip install": index-url, cert and so on,
// by their long option's name. See pip's documentation, "Configuration".
type pipSettings map[string]string

// pipConfig reads pip's settings from its files and the environment. What is
// said later has precedence: files of the system, of the user, of the
// virtualenv, the file that PIP_CONFIG_FILE names, and among those the section
// [install] before [global]; then the variables PIP_…. Where each was said is in
// from: "PIP_INDEX_URL", or "index-url in /etc/pip.conf".
func (s PipEnvironment) pipConfig() (settings pipSettings, from map[string]string, err error) {
	merged, files := map[string]string{}, map[string]string{} // by "install.index-url"
	for _, path := range s.pipFiles() {
		text, found, err := s.readSettings(path, pipBelong)
		if err != nil {
			return nil, nil, fmt.Errorf("settings of pip: %w", err)
		}
		if !found {
			continue
		}
		values, err := parseINI(string(text))
		if err != nil {
			return nil, nil, fmt.Errorf("settings of pip: %s: %w", path, err)
		}
		for key, value := range values {
			section, name, _ := strings.Cut(key, ".")
			key = section + "." + optionName(name)
			merged[key], files[key] = value, path
		}
	}
	settings, from = pipSettings{}, map[string]string{}
	for _, name := range pipOptions {
		for _, section := range []string{"global", "install"} {
			if value, ok := merged[section+"."+name]; ok {
				settings[name], from[name] = value, name+" in "+files[section+"."+name]
			}
		}
		variable := "PIP_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		if value := s.Getenv(variable); value != "" {
			settings[name], from[name] = value, variable
		}
	}
	return settings, from, nil
}

// pipBelong tells root where its own settings of pip belong.
const pipBelong = "its own belong in /etc/pip.conf, or in variables such as PIP_INDEX_URL"

// pipOptions are the options of "pip install" that say where packages come
// from, which, and how to get there.
var pipOptions = []string{
	"index-url", "extra-index-url", "no-index", "find-links", "pre", "constraint",
	"only-binary", "no-binary", "uploaded-prior-to",
	"cert", "client-cert", "proxy", "trusted-host", "keyring-provider",
	"retries", "timeout", "default-timeout",
}

// optionName is a key as pip compares it: "--index_url" is "index-url".
func optionName(key string) string {
	return strings.TrimPrefix(strings.ReplaceAll(strings.ToLower(key), "_", "-"), "--")
}

// pipFiles lists the places of pip's files, the least important first. A
// PIP_CONFIG_FILE that is there replaces the user's, and os.devnull all.
func (s PipEnvironment) pipFiles() []string {
	named := s.Getenv("PIP_CONFIG_FILE")
	if named == os.DevNull {
		return nil
	}
	var files []string
	if s.onMac() {
		files = append(files, s.at("/Library/Application Support/pip/pip.conf"))
	}
	for _, dir := range slices.Backward(s.systemConfigs()) {
		files = append(files, filepath.Join(dir, "pip", "pip.conf"))
	}
	files = append(files, s.at("/etc/pip.conf"))
	if _, err := os.Stat(named); named == "" || err != nil || trust.Deciders().Check(named) != nil {
		files = append(files, s.pipUserFiles()...)
	}
	if s.Venv != "" {
		files = append(files, filepath.Join(s.Venv, "pip.conf"))
	}
	if named != "" {
		files = append(files, named)
	}
	return files
}

func (s PipEnvironment) pipUserFiles() []string {
	var files []string
	if s.Home != "" {
		files = append(files, filepath.Join(s.Home, ".pip", "pip.conf"))
	}
	if mac := filepath.Join(s.Home, "Library/Application Support/pip"); s.onMac() && isFolder(mac) {
		return append(files, filepath.Join(mac, "pip.conf"))
	}
	if dir := s.userConfig(); dir != "" {
		files = append(files, filepath.Join(dir, "pip", "pip.conf"))
	}
	return files
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// list gives the words of a setting that may have several.
func (p pipSettings) list(name string) []string { return strings.Fields(p[name]) }

// on reports whether a switch is set, in the words that pip takes for yes.
func (p pipSettings) on(name string) bool {
	return slices.Contains([]string{"1", "y", "yes", "t", "true", "on"}, strings.ToLower(p[name]))
}
