package installer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/trust"
)

// A constraintFile is a file, or an address of one, with what may be installed.
type constraintFile struct {
	place string
	from  string // where it is set: "PIP_CONSTRAINT"
}

// findBounds reads what the settings allow of mod_wsgi, as far as it is about this
// Python.
func (j installation) findBounds(ctx context.Context) ([]bound, error) {
	s := j.pipEnvironment()
	files, found, err := s.constraints(j.Host.Virtualenv)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		more, err := j.readConstraints(ctx, s, file.place)
		if err != nil {
			return nil, fmt.Errorf("constraints (%s): %w", file.from, err)
		}
		found = append(found, more...)
	}
	var holding []bound
	for _, b := range found {
		holds, err := b.holdsFor(j.Host.Python)
		if err != nil {
			return nil, err
		}
		if holds {
			holding = append(holding, b)
		}
	}
	return holding, nil
}

// constraints are those of pip's settings, or of uv's where these lead.
func (s PipEnvironment) constraints(venv *detect.Virtualenv) ([]constraintFile, []bound, error) {
	pip, from, err := s.pipConfig()
	if err != nil {
		return nil, nil, err
	}
	uv, err := s.uvSettings()
	if err != nil {
		return nil, nil, err
	}
	var files []constraintFile
	if uv.lead(pip, venv) {
		for _, variable := range []string{"UV_CONSTRAINT", "UV_OVERRIDE"} {
			for place := range strings.FieldsSeq(s.Getenv(variable)) {
				files = append(files, constraintFile{place, variable})
			}
		}
		return files, uv.bounds, nil
	}
	for _, place := range pip.list("constraint") {
		files = append(files, constraintFile{s.withHome(place), from["constraint"]})
	}
	return files, nil, nil
}

// maxConstraintFiles bounds how many files name each other.
const maxConstraintFiles = 100

// readConstraints reads a file and those that it names, each once.
func (j installation) readConstraints(ctx context.Context, s PipEnvironment, first string) ([]bound, error) {
	var bounds []bound
	places := []string{s.placeOf(first)}
	for i := 0; i < len(places); i++ {
		text, err := j.constraintText(ctx, s, places[i])
		if err != nil {
			return nil, err
		}
		found := readRequirements(string(text), shownPlace(places[i]), s.Getenv)
		bounds = append(bounds, found.bounds...)
		for _, name := range found.files {
			next := s.placeOf(beside(places[i], name))
			if slices.Contains(places, next) {
				continue
			}
			if len(places) == maxConstraintFiles {
				return nil, fmt.Errorf("%s: more than %d files name each other", shownPlace(places[0]), maxConstraintFiles)
			}
			places = append(places, next)
		}
	}
	return bounds, nil
}

// placeOf is an address, or an absolute path.
func (s PipEnvironment) placeOf(name string) string {
	if httpAddress().MatchString(name) {
		return name
	}
	name = strings.TrimPrefix(name, "file://")
	if !filepath.IsAbs(name) {
		name = filepath.Join(s.Dir, name)
	}
	return filepath.Clean(name)
}

// constraintText reads a file, here or at an address. One that root passes over
// says nothing.
func (j installation) constraintText(ctx context.Context, s PipEnvironment, place string) ([]byte, error) {
	if httpAddress().MatchString(place) {
		return j.fetchConstraints(ctx, s, place)
	}
	_, absent := os.Lstat(place)
	text, err := trust.Deciders().ReadFile(place, maxSettings)
	switch {
	case isNull(place):
		return nil, nil
	case absent != nil, errors.Is(err, fs.ErrPermission):
		return nil, errors.New("no such file, or it may not be read: " + place)
	case s.passOver(place, err, "name a file of root's own"):
		return nil, nil
	}
	return text, err
}

func (j installation) fetchConstraints(ctx context.Context, s PipEnvironment, place string) ([]byte, error) {
	if j.Offline {
		return nil, fmt.Errorf("%s is not read offline: name a file of this machine", Redacted(place))
	}
	settings, err := FindIndexSettings(s, place, j.Host.Python, j.Host.Virtualenv)
	if err != nil {
		return nil, err
	}
	web, err := newWebClient(s, settings, j.warn)
	if err != nil {
		return nil, err
	}
	address, err := url.Parse(place)
	if err != nil {
		return nil, errors.New("an address that cannot be read") // the error would show a login
	}
	response, err := web.get(ctx, address, http.Header{"Accept": {"text/plain, */*"}})
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", redacted(address), err)
	}
	defer response.Body.Close()
	var all bytes.Buffer
	_, err = io.Copy(&all, &boundedReader{ctx: ctx, from: response.Body, left: maxSettings, refusal: fmt.Errorf("more than %d MiB", maxSettings>>20)})
	return all.Bytes(), err
}

func shownPlace(place string) string {
	if httpAddress().MatchString(place) {
		return Redacted(place)
	}
	return place
}

// beside is a name in a file as seen from the file.
func beside(place, name string) string {
	switch base, err := url.Parse(place); {
	case strings.Contains(name, "://") || filepath.IsAbs(name):
		return name
	case httpAddress().MatchString(place) && err == nil:
		if whole, err := base.Parse(name); err == nil {
			return whole.String()
		}
	}
	return filepath.Join(filepath.Dir(place), name)
}

// checkBounds refuses a release that the constraints do not allow, whichever way
// it comes.
func (j installation) checkBounds(release modwsgi.Release) error {
	for _, b := range j.bounds {
		if b.address != "" {
			if j.Source != "" && j.takes(b.address) {
				continue
			}
			return fmt.Errorf("the constraint in %s takes mod_wsgi from %s: name that with --source", b.from, Redacted(b.address))
		}
		if err := b.check(release); err != nil {
			return err
		}
	}
	return nil
}

// takes reports whether the source that was named is what an address leads to.
func (j installation) takes(address string) bool {
	s := j.pipEnvironment()
	address, _, _ = strings.Cut(address, "#") // a digest
	source, _, _ := strings.Cut(j.Source, "#")
	return s.placeOf(source) == s.placeOf(address)
}

// allowed are the archives that the constraints allow, and whether these ask for
// pre-releases.
func (j installation) allowed(archives []Archive) (fitting []Archive, preReleases bool, err error) {
	for _, archive := range archives {
		if refusal := j.checkBounds(archive.Release); refusal != nil {
			err = refusal
			continue
		}
		fitting = append(fitting, archive)
	}
	if len(fitting) > 0 {
		err = nil
	}
	return fitting, slices.ContainsFunc(j.bounds, bound.namesPreRelease), err
}
