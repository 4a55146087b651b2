package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/installer"
)

// describe prints what run would do. It asks the index which release there is,
// and writes nothing.
func (j installJob) describe(ctx context.Context) error {
	what, digest, err := j.wouldBuild(ctx)
	if err != nil {
		return err
	}
	builder := j.builder()
	plan, err := builder.Plan(ctx, digest)
	if err != nil {
		return err
	}
	fmt.Fprintf(j.stdout, "source    %s\n", what)
	fmt.Fprintf(j.stdout, "for       Python %s (%s), Apache %s (%s)\n", j.host.Python.Version, j.host.Python.Path, j.host.Apache.Version, j.host.Apache.Path)
	switch {
	case digest == "":
		fmt.Fprintf(j.stdout, "wheel     %s, to build unless it is in %s\n", plan.WheelTag, j.cache)
	case plan.Cached:
		fmt.Fprintf(j.stdout, "wheel     %s, in the cache %s\n", plan.WheelTag, j.cache)
	default:
		fmt.Fprintf(j.stdout, "wheel     %s, to build\n", plan.WheelTag)
	}
	fmt.Fprintf(j.stdout, "compile   %s\n", strings.Join(plan.Compile, " "))
	fmt.Fprintf(j.stdout, "link      %s\n", strings.Join(plan.Link, " "))
	fmt.Fprintf(j.stdout, "module    %s\n", filepath.Join(j.host.Virtualenv.SitePackages, "mod_wsgi", "server", plan.Module))
	if j.ModulesDirectory != "" {
		fmt.Fprintf(j.stdout, "copy      %s\n", filepath.Join(j.ModulesDirectory, plan.Module))
	}
	return nil
}

// wouldBuild names the source and its digest, empty while that is not known.
func (j installJob) wouldBuild(ctx context.Context) (what, digest string, err error) {
	switch {
	case httpAddress().MatchString(j.Source):
		return installer.Redacted(j.Source), strings.ToLower(j.SHA256), nil
	case j.Source != "":
		source, err := j.namedSource(ctx)
		return source.Path, source.Digest, err
	}
	archive, err := j.wouldChoose(ctx)
	if err != nil {
		return "", "", err
	}
	return archive.From(), archive.SHA256, j.checkFit(archive.Release)
}

func (j installJob) wouldChoose(ctx context.Context) (installer.Archive, error) {
	if j.Offline {
		return j.cachedArchive()
	}
	index, err := j.index()
	if err != nil {
		return installer.Archive{}, err
	}
	return j.chooseFrom(index.Archives(ctx))
}
