package installer

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// A Preview is what Install would do with a request.
type Preview struct {
	Plan
	Source  string // where the source comes from, as it may be printed
	Digest  string // of the source; empty while it is not known
	Cache   string // folder of archives and wheels; empty for none
	Install string // path of the module in the virtualenv; empty where it is kept
	Copy    string // path of its copy; empty for none
	Keep    string // folder in which root keeps the module; empty where it is installed
	Beside  string // name of the mod_wsgictl that is built with the module and goes beside it
}

// DryRun says what Install would do. It asks the index which release there is,
// and writes nothing.
func DryRun(ctx context.Context, r Request) (Preview, error) {
	j, err := newInstallation(r)
	if err != nil {
		return Preview{}, err
	}
	if j.bounds, err = j.findBounds(ctx); err != nil {
		return Preview{}, err
	}
	what, digest, err := j.wouldBuild(ctx)
	if err == nil {
		err = j.checkDigest(digest)
	}
	if err != nil {
		return Preview{}, err
	}
	if j.NoCache {
		j.Cache = ""
	}
	builder := j.builder()
	plan, err := builder.Plan(ctx, digest)
	if err != nil {
		return Preview{}, err
	}
	preview := Preview{Plan: plan, Source: what, Digest: digest, Cache: j.Cache, Beside: modwsgi.Beside(plan.Module)}
	switch {
	case j.Host.Virtualenv.Foreign():
		preview.Keep = j.keptFolder()
		return preview, checkKept(j.Trusted, preview.Keep)
	case j.ModulesDirectory != "":
		preview.Copy = filepath.Join(j.ModulesDirectory, plan.Module)
	}
	preview.Install = filepath.Join(j.Host.Virtualenv.SitePackages, "mod_wsgi", "server", plan.Module)
	return preview, nil
}

// wouldBuild names the source and its digest, empty while that is not known.
func (j installation) wouldBuild(ctx context.Context) (what, digest string, err error) {
	switch {
	case httpAddress().MatchString(j.Source):
		return Redacted(j.Source), strings.ToLower(j.SHA256), nil
	case j.Source != "":
		source, err := j.namedFile()
		if err != nil {
			return "", "", err
		}
		what, err = filepath.Abs(j.Source)
		return what, source.Digest, err
	}
	archive, err := j.wouldChoose(ctx)
	if err != nil {
		return "", "", err
	}
	return archive.From(), archive.SHA256, j.checkFit(archive.Release)
}

func (j installation) wouldChoose(ctx context.Context) (Archive, error) {
	_, archive, err := j.offered(ctx)
	return archive, err
}
