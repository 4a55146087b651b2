package installer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// A constraintFile is a file, or an address of one, with what may be installed.
type constraintFile struct {
	place string
	from  string // where it is set: "PIP_CONSTRAINT"
}

// findBounds reads what the settings allow of mod_wsgi, as far as it is about this
// Python.
func (j installation) findBounds(ctx context.Context) ([]bound, error) {
	s := j.surroundings()
	files, found, err := s.constraints(j.Host.Virtualenv)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		more, err := j.readConstraints(ctx, s, file.place, nil)
		if err != nil {
			return nil, fmt.Errorf("constraints (%s): %w", file.from, err)
		}
		found = append(found, more...)
	}
	var holding []bound
	for _, b := range found {
		holds := true
		if strings.TrimSpace(b.marker) != "" {
			if holds, err = holdsFor(b.marker, j.Host.Python); err != nil {
				return nil, fmt.Errorf("constraint in %s: %w", b.from, err)
			}
		}
		if holds {
			holding = append(holding, b)
		}
	}
	return holding, nil
}

// constraints are those of pip's settings, or of uv's where these lead.
func (s Surroundings) constraints(venv *detect.Virtualenv) ([]constraintFile, []bound, error) {
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

// readConstraints reads a file and those that it names.
func (j installation) readConstraints(ctx context.Context, s Surroundings, place string, known []string) ([]bound, error) {
	if slices.Contains(known, place) {
		return nil, nil
	}
	if known = append(known, place); len(known) > maxConstraintFiles {
		return nil, fmt.Errorf("%s: more than %d files name each other", Redacted(place), maxConstraintFiles)
	}
	text, place, err := j.constraintText(ctx, s, place)
	if err != nil {
		return nil, err
	}
	found := readRequirements(string(text), shownPlace(place), s.Getenv)
	for _, name := range found.files {
		more, err := j.readConstraints(ctx, s, beside(place, name), known)
		if err != nil {
			return nil, err
		}
		found.bounds = append(found.bounds, more...)
	}
	return found.bounds, nil
}

// constraintText reads a file, here or at an address. One that root passes over
// says nothing.
func (j installation) constraintText(ctx context.Context, s Surroundings, place string) (text []byte, where string, err error) {
	if !httpAddress().MatchString(place) {
		path := filepath.Join(s.Dir, strings.TrimPrefix(place, "file://"))
		if filepath.IsAbs(strings.TrimPrefix(place, "file://")) {
			path = strings.TrimPrefix(place, "file://")
		}
		passedOver := false
		tell := s.Tell
		s.Tell = func(text string) { passedOver = true; tell(text) }
		text, found, err := s.readSettings(path, "name a file of root's own")
		if err == nil && !found && !passedOver && !isNull(path) {
			err = errors.New("no such file, or it may not be read: " + path)
		}
		return text, path, err
	}
	if j.Offline {
		return nil, place, fmt.Errorf("%s is not read offline: name a file of this machine", Redacted(place))
	}
	settings, err := FindIndexSettings(s, place, j.Host.Python, j.Host.Virtualenv)
	if err != nil {
		return nil, place, err
	}
	web, err := newWebClient(s, settings, j.warn)
	if err != nil {
		return nil, place, err
	}
	address, err := url.Parse(place)
	if err != nil {
		return nil, place, errors.New("an address that cannot be read") // the error would show a login
	}
	response, err := web.get(ctx, address, http.Header{"Accept": {"text/plain, */*"}})
	if err != nil {
		return nil, place, fmt.Errorf("fetch %s: %w", redacted(address), err)
	}
	defer response.Body.Close()
	var all bytes.Buffer
	_, err = io.Copy(&all, &boundedReader{ctx: ctx, from: response.Body, left: maxSettings, refusal: fmt.Errorf("more than %d MiB", maxSettings>>20)})
	return all.Bytes(), place, err
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
			return fmt.Errorf("the constraint in %s takes mod_wsgi from %s: name that with --source", b.from, Redacted(b.address))
		}
		if err := b.check(release); err != nil {
			return err
		}
	}
	return nil
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
