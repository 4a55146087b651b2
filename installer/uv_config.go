package installer

import (
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

// uvFile is the part of uv.toml, or of [tool.uv] in pyproject.toml, that says
// where packages come from and which.
type uvFile struct {
	Index         []uvIndex      `toml:"index"`
	IndexURL      string         `toml:"index-url"`
	ExtraIndexURL []string       `toml:"extra-index-url"`
	NoIndex       bool           `toml:"no-index"`
	FindLinks     []string       `toml:"find-links"`
	Offline       bool           `toml:"offline"`
	Strategy      string         `toml:"index-strategy"`
	PreRelease    string         `toml:"prerelease"`
	Constraints   []string       `toml:"constraint-dependencies"`
	Overrides     []string       `toml:"override-dependencies"`
	NoBuild       bool           `toml:"no-build"`
	NoBuildOf     []string       `toml:"no-build-package"`
	OnlyBinary    []string       `toml:"only-binary"` // of "uv pip" alone
	Before        string         `toml:"exclude-newer"`
	BeforeOf      map[string]any `toml:"exclude-newer-package"` // a time, or false
	Sources       map[string]any `toml:"sources"`
	Insecure      []string       `toml:"allow-insecure-host"`
	Pip           *uvFile        `toml:"pip"` // for "uv pip" alone; it comes before the rest

	path string // of the file
}

// A uvIndex is one index of uv; an explicit one serves only packages that
// name it.
type uvIndex struct {
	Name     string `toml:"name"`
	URL      string `toml:"url"`
	Default  bool   `toml:"default"`
	Explicit bool   `toml:"explicit"`
	Format   string `toml:"format"` // "flat" is one page or folder with links, as of find-links

	from string // where it was set: a variable, or a key and its file
}

// indexes are those of a file: the further ones, and those that replace uv's
// default, by a mark or by index-url.
func (f uvFile) indexes() (further, marked []uvIndex, usual uvIndex) {
	for _, index := range f.Index {
		index.from = f.key("index")
		index.URL = indexAddress(index.URL, filepath.Dir(f.path))
		switch {
		case index.Explicit:
		case index.Default:
			marked = append(marked, index)
		default:
			further = append(further, index)
		}
	}
	for _, text := range f.ExtraIndexURL {
		further = append(further, uvIndex{URL: indexAddress(text, filepath.Dir(f.path)), from: f.key("extra-index-url")})
	}
	return further, marked, uvIndex{URL: indexAddress(f.IndexURL, filepath.Dir(f.path)), from: f.key("index-url")}
}

// indexAddress is the address of an index, which uv also takes as a path that
// starts at a folder.
func indexAddress(text, folder string) string {
	switch {
	case text == "", strings.Contains(text, "://"), strings.HasPrefix(text, "file:"):
		return text
	case filepath.IsAbs(text):
		return fileAddress(text).String()
	}
	return fileAddress(filepath.Join(folder, text)).String()
}

// key tells where a setting was made.
func (f uvFile) key(name string) string { return name + " in " + f.path }

// namedIndex reads "name=URL" or a bare URL.
func namedIndex(text, from string) uvIndex {
	name, address, ok := strings.Cut(text, "=")
	if !ok || strings.ContainsAny(name, ":/") {
		return uvIndex{URL: text, from: from}
	}
	return uvIndex{Name: name, URL: address, from: from}
}

var notInVariable = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^A-Z0-9]`) })

// withCredentials adds those of UV_INDEX_NAME_USERNAME and …_PASSWORD.
func (s PipEnvironment) withCredentials(index uvIndex) string {
	variable := "UV_INDEX_" + notInVariable().ReplaceAllString(strings.ToUpper(index.Name), "_")
	user, password := s.Getenv(variable+"_USERNAME"), s.Getenv(variable+"_PASSWORD")
	address, err := url.Parse(index.URL)
	if index.Name == "" || user == "" && password == "" || err != nil {
		return index.URL
	}
	address.User = url.UserPassword(user, password)
	return address.String()
}

// uvConfig reads uv's files, the most important first: the project's, the
// user's, the system's; or the one that UV_CONFIG_FILE names.
func (s PipEnvironment) uvConfig() ([]uvFile, error) {
	if s.Getenv("UV_NO_CONFIG") != "" {
		return nil, nil
	}
	if named := s.Getenv("UV_CONFIG_FILE"); named != "" {
		file, err := s.readUVFile(named)
		if err != nil || file == nil {
			return nil, err
		}
		return []uvFile{*file}, nil
	}
	var files []uvFile
	for _, find := range []func() (*uvFile, error){s.uvProject, s.uvUser, s.uvSystem} {
		file, err := find()
		if err != nil {
			return nil, err
		}
		if file != nil {
			files = append(files, *file)
		}
	}
	return files, nil
}

// uvProject is the nearest uv.toml, or pyproject.toml with [tool.uv], of the
// current folder and those above it.
func (s PipEnvironment) uvProject() (*uvFile, error) {
	for dir := s.Dir; dir != ""; dir = filepath.Dir(dir) {
		file, err := s.readUVFile(filepath.Join(dir, "uv.toml"))
		if file != nil || err != nil {
			return file, err
		}
		file, err = s.readPyproject(filepath.Join(dir, "pyproject.toml"))
		if file != nil || err != nil {
			return file, err
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	return nil, nil
}

func (s PipEnvironment) uvUser() (*uvFile, error) {
	dir := s.userConfig()
	if dir == "" {
		return nil, nil
	}
	return s.readUVFile(filepath.Join(dir, "uv", "uv.toml"))
}

func (s PipEnvironment) uvSystem() (*uvFile, error) {
	for _, dir := range append(s.systemConfigs(), s.at("/etc")) {
		file, err := s.readUVFile(filepath.Join(dir, "uv", "uv.toml"))
		if file != nil || err != nil {
			return file, err
		}
	}
	return nil, nil
}

// readUVFile gives nil for a file that is not there.
func (s PipEnvironment) readUVFile(path string) (*uvFile, error) {
	file := &uvFile{path: path}
	found, err := s.readTOML(path, file)
	if !found || err != nil {
		return nil, err
	}
	return file, nil
}

func (s PipEnvironment) readPyproject(path string) (*uvFile, error) {
	var project struct {
		Tool struct {
			UV *uvFile `toml:"uv"`
		} `toml:"tool"`
	}
	_, err := s.readTOML(path, &project)
	if project.Tool.UV != nil {
		project.Tool.UV.path = path
	}
	return project.Tool.UV, err
}

func (s PipEnvironment) readTOML(path string, value any) (found bool, err error) {
	text, found, err := s.readSettings(path, "its own belong in /etc/uv/uv.toml, or in variables such as UV_DEFAULT_INDEX")
	if err != nil {
		return false, fmt.Errorf("settings of uv: %w", err)
	}
	if !found {
		return false, nil
	}
	if err := toml.Unmarshal(text, value); err != nil {
		return false, fmt.Errorf("settings of uv: %s: %w", path, err)
	}
	return true, nil
}
