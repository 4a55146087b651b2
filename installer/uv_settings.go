package installer

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
)

// uvSettings are those of "uv pip install", and of the project's [tool.uv.sources].
// Each that limits something says where it was made, and is empty where it was
// not. See uv's documentation, "Settings" and "Environment variables".
type uvSettings struct {
	indexes     []uvIndex // in the order in which uv asks them
	hasDefault  bool      // the last index is in the place of uv's own
	findLinks   []uvIndex
	noIndex     string
	offline     string
	all         bool // look at all indexes
	preReleases bool
	bounds      []bound
	source      string   // another place that a project takes mod_wsgi from
	insecure    []string // hosts that need no valid certificate, nor https
	noBuild     string
	before      string // exclude-newer, as it is written
	beforeFrom  string
}

// uvSettings reads the environment before the files, and of these the project's
// first, the part for "uv pip" before the rest.
func (s PipEnvironment) uvSettings() (uvSettings, error) {
	files, err := s.uvConfig()
	if err != nil {
		return uvSettings{}, err
	}
	var layers []uvFile
	for _, file := range files {
		if file.Pip != nil {
			file.Pip.path = file.path
			layers = append(layers, *file.Pip)
		}
	}
	layers = append(layers, files...)
	u := uvSettings{}
	u.addIndexes(s, layers)
	strategy, preRelease := s.Getenv("UV_INDEX_STRATEGY"), s.Getenv("UV_PRERELEASE")
	if isYes(s.Getenv("UV_OFFLINE")) {
		u.offline = "UV_OFFLINE"
	}
	if isYes(s.Getenv("UV_NO_INDEX")) {
		u.noIndex = "UV_NO_INDEX"
	}
	for place := range strings.SplitSeq(s.Getenv("UV_FIND_LINKS"), ",") {
		if place = strings.TrimSpace(place); place != "" {
			u.findLinks = append(u.findLinks, uvIndex{URL: place, from: "UV_FIND_LINKS"})
		}
	}
	u.addLimits(s, layers)
	u.addInsecure(strings.Fields(s.Getenv("UV_INSECURE_HOST")))
	for _, f := range layers {
		u.addFile(f)
		strategy, preRelease = firstOf(strategy, f.Strategy), firstOf(preRelease, f.PreRelease)
	}
	u.all, u.preReleases = strings.HasPrefix(strategy, "unsafe-"), preRelease == "allow"
	if err := u.useSource(files); err != nil {
		return uvSettings{}, err
	}
	return u, nil
}

// addIndexes adds the indexes: those of the environment before those of files, the
// default one last.
func (u *uvSettings) addIndexes(s PipEnvironment, layers []uvFile) {
	for text := range strings.FieldsSeq(s.Getenv("UV_INDEX")) {
		u.indexes = append(u.indexes, namedIndex(text, "UV_INDEX"))
	}
	for text := range strings.FieldsSeq(s.Getenv("UV_EXTRA_INDEX_URL")) {
		u.indexes = append(u.indexes, uvIndex{URL: text, from: "UV_EXTRA_INDEX_URL"})
	}
	defaults := []uvIndex{
		namedIndex(s.Getenv("UV_DEFAULT_INDEX"), "UV_DEFAULT_INDEX"), {URL: s.Getenv("UV_INDEX_URL"), from: "UV_INDEX_URL"},
	}
	var former []uvIndex // an index that is marked as default comes before index-url
	for _, f := range layers {
		further, marked, usual := f.indexes()
		u.indexes, defaults = append(u.indexes, further...), append(defaults, marked...)
		former = append(former, usual)
	}
	for _, index := range append(defaults, former...) {
		if index.URL != "" {
			u.indexes, u.hasDefault = append(u.indexes, index), true
			break
		}
	}
	for i, index := range u.indexes {
		index.URL = indexAddress(index.URL, s.Dir) // those of variables start here
		u.indexes[i].URL = s.withCredentials(index)
	}
}

// addFile adds what limits of one file; paths in it start at its folder.
func (u *uvSettings) addFile(f uvFile) {
	for _, place := range f.FindLinks {
		if !strings.Contains(place, ":") && !filepath.IsAbs(place) {
			place = filepath.Join(filepath.Dir(f.path), place)
		}
		u.findLinks = append(u.findLinks, uvIndex{URL: place, from: f.key("find-links")})
	}
	u.addInsecure(f.Insecure)
	if f.NoIndex {
		u.noIndex = firstOf(u.noIndex, f.key("no-index"))
	}
	if f.Offline {
		u.offline = firstOf(u.offline, f.key("offline"))
	}
	for _, line := range f.Constraints {
		if b, ok := parseRequirement(line, f.key("constraint-dependencies")); ok {
			u.bounds = append(u.bounds, b)
		}
	}
	for _, line := range f.Overrides {
		if b, ok := parseRequirement(line, f.key("override-dependencies")); ok {
			u.bounds = append(u.bounds, b)
		}
	}
}

// addInsecure adds hosts, which uv also takes with their scheme.
func (u *uvSettings) addInsecure(hosts []string) {
	for _, host := range hosts {
		_, name, schemed := strings.Cut(host, "://")
		if !schemed {
			name = host
		}
		u.insecure = append(u.insecure, strings.TrimSuffix(name, "/"))
	}
}

// addLimits adds what may not be built, and what is too new: of mod_wsgi alone
// before that of all, and of the environment before that of files.
func (u *uvSettings) addLimits(s PipEnvironment, layers []uvFile) {
	switch {
	case isYes(s.Getenv("UV_NO_BUILD")):
		u.noBuild = "UV_NO_BUILD"
	case slices.Contains(formatNames(s.Getenv("UV_NO_BUILD_PACKAGE")), project):
		u.noBuild = "UV_NO_BUILD_PACKAGE"
	}
	for pair := range strings.FieldsFuncSeq(s.Getenv("UV_EXCLUDE_NEWER_PACKAGE"), func(r rune) bool { return r == ',' || r == ' ' }) {
		if name, value, _ := strings.Cut(pair, "="); isProject(name) {
			u.exclude(value, "UV_EXCLUDE_NEWER_PACKAGE")
		}
	}
	for _, f := range layers {
		for name, value := range f.BeforeOf {
			if isProject(name) {
				u.exclude(fmt.Sprint(value), f.key("exclude-newer-package"))
			}
		}
		only := formatNames(strings.Join(f.OnlyBinary, " "))
		if u.noBuild == "" && (f.NoBuild || slices.Contains(formatNames(strings.Join(f.NoBuildOf, " ")), project)) {
			u.noBuild = f.key("no-build")
		}
		if u.noBuild == "" && (slices.Contains(only, ":all:") || slices.Contains(only, project)) {
			u.noBuild = f.key("only-binary")
		}
	}
	u.exclude(s.Getenv("UV_EXCLUDE_NEWER"), "UV_EXCLUDE_NEWER")
	for _, f := range layers {
		u.exclude(f.Before, f.key("exclude-newer"))
	}
	if u.before == "false" {
		u.before = ""
	}
}

// exclude sets the bound in time where it is not set; "false" is none at all.
func (u *uvSettings) exclude(text, from string) {
	if u.before == "" && text != "" {
		u.before, u.beforeFrom = text, from
	}
}

// isProject tells whether a name is that of mod_wsgi.
func isProject(name string) bool {
	return separators().ReplaceAllString(strings.ToLower(strings.TrimSpace(name)), "-") == project
}

// useSource obeys [tool.uv.sources], which "uv add" and "uv sync" go by: a named
// index is then the only one to ask.
func (u *uvSettings) useSource(files []uvFile) error {
	for _, f := range files {
		for name, value := range f.Sources {
			if !isProject(name) {
				continue
			}
			source, _ := value.(map[string]any)
			named, _ := source["index"].(string)
			if named == "" {
				u.source = f.key("[tool.uv.sources] "+name) + ": " + sourceText(value)
				return nil
			}
			return u.useIndex(f, named)
		}
	}
	return nil
}

// sourceText is a source, or a list of them, as it may be shown: without a login.
func sourceText(value any) string {
	var parts []string
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			parts = append(parts, key+" = "+sourceText(value[key]))
		}
		return strings.Join(parts, ", ")
	case []any:
		for _, one := range value {
			parts = append(parts, sourceText(one))
		}
		return strings.Join(parts, "; ")
	case string:
		if strings.Contains(value, "://") {
			return Redacted(value)
		}
		return value
	}
	return fmt.Sprint(value)
}

func (u *uvSettings) useIndex(f uvFile, named string) error {
	at := slices.IndexFunc(f.Index, func(index uvIndex) bool { return index.Name == named })
	if at < 0 {
		return fmt.Errorf("settings of uv: %s: [tool.uv.sources] names the index %q, which is none of [[tool.uv.index]]", f.path, named)
	}
	only := f.Index[at]
	only.URL = indexAddress(only.URL, filepath.Dir(f.path))
	only.from = f.key("[tool.uv.sources]")
	u.indexes, u.hasDefault = []uvIndex{only}, true
	return nil
}

// says reports whether anything was set.
func (u uvSettings) says() bool {
	return len(u.indexes) > 0 || len(u.findLinks) > 0 || len(u.bounds) > 0 || u.noIndex != "" || u.offline != "" || u.source != "" || len(u.insecure) > 0 || u.noBuild != "" || u.before != ""
}

// lead reports whether uv's settings decide: in a virtualenv that uv made, and
// where pip has none.
func (u uvSettings) lead(pip pipSettings, venv *detect.Virtualenv) bool {
	isUVs := venv != nil && venv.Kind == "uv"
	pipSays := slices.ContainsFunc([]string{"index-url", "extra-index-url", "find-links", "no-index"}, func(name string) bool { return pip[name] != "" })
	return u.says() && (isUVs || !pipSays)
}

// addUVPlaces adds the places where uv looks.
func (s PipEnvironment) addUVPlaces(settings *IndexSettings, uv uvSettings, python *detect.Python, venv *detect.Virtualenv) error {
	if uv.source != "" {
		return fmt.Errorf("uv takes mod_wsgi from elsewhere (%s): name that with --source, or an index with --index-url", oneLine(uv.source))
	}
	settings.FirstOnly, settings.Offline = !uv.all, uv.offline
	settings.PreReleases = uv.preReleases
	settings.Trusted = append(settings.Trusted, uv.insecure...)
	for _, place := range uv.findLinks {
		settings.add(&settings.FindLinks, place.from, place.URL)
	}
	switch {
	case uv.noIndex != "" && len(settings.FindLinks) == 0:
		return fmt.Errorf("uv's setting no-index (%s) forbids any index, and its find-links names no other place: give --source with an archive, or --index-url", uv.noIndex)
	case uv.noIndex != "":
		return nil
	}
	for _, index := range uv.indexes {
		places := &settings.Indexes
		if index.Format == "flat" {
			places = &settings.FindLinks
		}
		settings.add(places, index.from, index.URL)
	}
	if uv.hasDefault {
		return nil
	}
	index, file, err := s.defaultIndex(python, venv)
	if err == nil {
		settings.add(&settings.Indexes, "pip's default, named in "+file, index)
	} else if len(settings.FindLinks)+len(settings.Indexes) > 0 || uv.offline != "" {
		err = nil
	}
	return err
}

// isYes reports whether a variable is set, in the words that uv takes for yes.
func isYes(value string) bool {
	return slices.Contains([]string{"1", "y", "yes", "t", "true", "on"}, strings.ToLower(value))
}
