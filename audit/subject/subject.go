// Package subject is what an audit is about: configurations as somebody names them,
// and what each makes of WSGI.
//
// A name is that of a file, of a server root or of a folder of source code, in which
// package repository finds configuration; no name is the server of this host, whose
// facts are detected. [Subject.Look] gives a [wsgi.View] of each configuration.
package subject

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// A Subject is what one audit is about.
type Subject struct {
	Names   []installed.Named
	Release modwsgi.Release // of the mod_wsgi that reads them; zero for the one that the host loads
	Say     func(text string)
}

// WithTexts is the subject with texts in the place of what files hold, by their paths
// on this machine.
func (s Subject) WithTexts(texts map[string]string) Subject {
	s.Names = slices.Clone(s.Names)
	for i := range s.Names {
		s.Names[i].Options.Texts = texts
	}
	return s
}

// Look reads each configuration and computes its view. What of a repository was passed
// over is said, as what is of another host. What is wrong with what was named is an
// [*installed.RequestError].
func (s Subject) Look(ctx context.Context) ([]*wsgi.View, error) {
	var named, found []*wsgi.View
	for _, name := range s.Names {
		if folder, ok := repositoryOf(name); ok {
			views, err := s.lookInto(folder, name)
			if err != nil {
				return nil, err
			}
			found = append(found, views...)
			continue
		}
		view, err := s.lookAt(ctx, name)
		if err != nil {
			return nil, err
		}
		named = append(named, view)
	}
	wsgi.Together(named)
	return append(named, found...), nil
}

// lookAt is for one configuration. One of another host is told of, and not held
// against the accounts of this one.
func (s Subject) lookAt(ctx context.Context, name installed.Named) (*wsgi.View, error) {
	config, err := name.Read()
	if err != nil {
		return nil, err
	}
	if name.Name == "" && name.Root.IsHere() {
		return s.lookAtServer(ctx, name, config)
	}
	view := wsgi.Look(config, s.Release, nil)
	s.tellOfAnotherHost(config)
	if !config.IsOfAnotherHost() {
		view.Start, view.CannotEnter = name.Start(config, ""), cannotEnter(name)
		if config.Complete && config.IsOfFilesHere() {
			view.Rights = name.Root.Rights()
		}
	}
	return view, nil
}

// lookAtServer is for the server of this host, with its facts.
func (s Subject) lookAtServer(ctx context.Context, name installed.Named, config *conf.Config) (*wsgi.View, error) {
	server, err := name.Server()
	if err != nil {
		return nil, err
	}
	again := func(file string, options conf.Options) (*conf.Config, error) {
		if file == config.Files[0].Name {
			return config, nil
		}
		return conf.Read(file, options)
	}
	host, err := detect.Detect(ctx, detect.Request{ServerOnly: true, HTTPD: server.Path, Read: again})
	if err != nil {
		return nil, fmt.Errorf("find Apache: %w", err)
	}
	release := s.Release
	if release.IsZero() {
		release = loadedRelease(host)
	}
	view := wsgi.Look(config, release, &host)
	view.CannotEnter, view.Rights = cannotEnter(name), name.Root.Rights()
	if host.Apache != nil {
		view.Start = name.Start(config, host.Apache.Path)
	}
	return view, nil
}

// loadedRelease is the mod_wsgi that the host's Apache loads, zero when that
// is not known.
func loadedRelease(host detect.Host) modwsgi.Release {
	if host.Apache == nil || len(host.Apache.Loaded) == 0 {
		return modwsgi.Release{}
	}
	for _, module := range host.Modules {
		if module.Path == host.Apache.Loaded[0].Path {
			release, err := modwsgi.ParseRelease(module.Release)
			if err == nil {
				return release
			}
		}
	}
	return modwsgi.Release{}
}

// cannotEnter looks at the accounts and folders of the host that a configuration is of.
func cannotEnter(name installed.Named) func(user, home, apacheUser string) string {
	return func(user, home, apacheUser string) string {
		return detect.WorkingFolder(string(name.Root), user, home, apacheUser)
	}
}

// tellOfAnotherHost says once what a configuration of another host names and is
// not here.
func (s Subject) tellOfAnotherHost(config *conf.Config) {
	if config.IsOfAnotherHost() {
		note := config.AnotherHost()
		s.Say(fmt.Sprintf("%s\n  %s", note, note.Advice))
	}
}

// Folder is that of the first name: a server root, or a repository.
func (s Subject) Folder() (string, error) {
	name := s.Names[0]
	folder, ok := repositoryOf(name)
	if !ok {
		_, options, err := name.Locate()
		if err != nil {
			return "", err
		}
		folder = name.Root.At(options.ServerRoot)
	}
	return filepath.Abs(folder)
}
