package system

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/wsgi"
)

// A Stage is a copy of Apache's configuration below a folder that stands for
// "/", with a plan carried out in it.
type Stage struct {
	Root   string
	files  *os.Root // of Root: nothing is read or written outside it
	unlock func()
	apache *Apache
	plan   *Plan
	staged map[string]bool // paths outside the configuration's folder that are in the copy
	ended  func() bool     // the context takes the copy away no more

	certificateStore string // of mod_md, of which the copy has nothing

	before, after *wsgi.View // of the configuration in force, and of the copy, with the names of the host
}

// Stage makes the copy, and reads it for all checks; host has the facts of the audit,
// nil where they are not known. It is private, and Close takes it away, as does the end
// of the context: what reads a large configuration does not look at that.
func (m Manager) Stage(ctx context.Context, plan *Plan, host *detect.Host) (*Stage, error) {
	live, err := m.live()
	if err != nil {
		return nil, err
	}
	root, unlock, err := m.History.makeStage()
	if err != nil {
		return nil, err
	}
	files, err := os.OpenRoot(root)
	if err != nil {
		unlock()
		return nil, err
	}
	s := &Stage{Root: root, files: files, unlock: unlock, apache: m.Apache, plan: plan, staged: map[string]bool{}, certificateStore: m.Apache.CertificateStore(live)}
	s.ended = context.AfterFunc(ctx, s.remove)
	if err := s.fill(live); err != nil {
		s.Close()
		return nil, fmt.Errorf("make a staged copy: %w", err)
	}
	result, err := m.readBelow(root)
	if err != nil {
		s.Close()
		return nil, err
	}
	s.before, s.after = m.view(live, host), m.view(result, host)
	return s, nil
}

const stagePrefix = "stage-"

// makeStage makes the folder of a copy, which is locked as long as its process has it.
func (h History) makeStage() (root string, unlock func(), err error) {
	if err := h.Make(); err != nil {
		return "", nil, err
	}
	if root, err = os.MkdirTemp(h.Path(), stagePrefix); err != nil {
		return "", nil, err
	}
	unlock, err = store.TryLockFolder(root)
	return root, unlock, err
}

// clearStages removes the copies of commands that were killed.
func (h History) clearStages() {
	stages, err := fs.Glob(os.DirFS(h.Path()), stagePrefix+"*")
	if err != nil {
		return
	}
	for _, stage := range stages {
		unlock, err := store.TryLockFolder(h.Path(stage))
		if err != nil {
			continue // it is another process's
		}
		_ = os.RemoveAll(h.Path(stage))
		unlock()
	}
}

// Close takes the copy away.
func (s *Stage) Close() {
	s.ended()
	s.remove()
}

func (s *Stage) remove() {
	_ = s.files.Close() // nothing can be written to it any more
	_ = os.RemoveAll(s.Root)
	s.unlock()
	_ = os.Remove(filepath.Dir(s.Root)) // unless there is more: it was made for the copy
}

func (s *Stage) fill(live *conf.Config) error {
	if err := s.copyFolder(s.apache.places.Tree); err != nil {
		return err
	}
	if err := s.files.MkdirAll(inCopy(s.apache.ServerRoot), 0o700); err != nil { // which may hold no configuration
		return err
	}
	if err := s.certificates(); err != nil {
		return err
	}
	for _, file := range live.Files {
		if !conf.IsIn(file.Name, s.apache.places.Tree) {
			s.staged[file.Name] = true
			if err := s.write(file.Name, store.PathState{Kind: store.File, Content: []byte(file.Source)}); err != nil {
				return err
			}
		}
	}
	for _, change := range s.plan.Changes {
		if !conf.IsIn(change.Path, s.apache.places.Tree) {
			s.staged[change.Path] = true
		}
		if err := s.write(change.Path, change.After); err != nil {
			return err
		}
		if err := s.writeIncluded(change.After); err != nil {
			return err
		}
	}
	return nil
}

// certificates has a file in the copy for each certificate of mod_md that is there, on
// which configuration depends, and nothing of what it holds.
func (s *Stage) certificates() error {
	for _, site := range s.plan.Next.Sites {
		if site.Certificate == "" || !isThere(site.Certificate) {
			continue
		}
		if err := s.write(site.Certificate, store.PathState{Kind: store.File}); err != nil {
			return err
		}
	}
	return nil
}

// writeIncluded has those files in the copy that new content includes from
// elsewhere, as certbot's does.
func (s *Stage) writeIncluded(entry store.PathState) error {
	if entry.Kind != store.File || isBinary(entry.Content) {
		return nil
	}
	for node := range conf.Parse("", string(entry.Content)).Nodes() {
		words := node.Words()
		if !strings.EqualFold(node.Name(), "Include") || len(words) != 1 || !filepath.IsAbs(words[0]) || conf.IsIn(words[0], s.apache.places.Tree) || s.staged[words[0]] {
			continue
		}
		content, err := trust.ReadFile(words[0], stagedLimit)
		if err != nil {
			continue // a pattern, or what httpd will not find either
		}
		s.staged[words[0]] = true
		if err := s.write(words[0], store.PathState{Kind: store.File, Content: content}); err != nil {
			return err
		}
	}
	return nil
}

// copyFolder copies files and links of a folder and those below.
func (s *Stage) copyFolder(folder string) error {
	source, err := s.apache.trusted.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer source.Close()
	return fs.WalkDir(source.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		path := filepath.Join(folder, name)
		switch entry.Type() {
		case fs.ModeDir:
			if path == s.certificateStore { // keys, and what Apache's User writes
				return fs.SkipDir
			}
			return s.files.MkdirAll(inCopy(path), 0o700)
		case fs.ModeSymlink:
			return s.copyLink(path)
		case 0:
			return s.copyFile(source, name, path)
		}
		return nil
	})
}

// stagedLimit bounds the files of which the copy has the content, in bytes.
// Configuration is far smaller.
const stagedLimit = 16 << 20

// copyFile copies a file of a folder; to a large one the copy has a link.
func (s *Stage) copyFile(source *os.Root, name, path string) error {
	content, err := store.ReadRegular(source, name, stagedLimit)
	if large := (*trust.TooLarge)(nil); errors.As(err, &large) {
		return s.files.Symlink(path, inCopy(path))
	}
	if errors.Is(err, fs.ErrPermission) {
		return nil // a key that is not the caller's to read; -t says so if it matters
	}
	if err != nil {
		return err
	}
	return s.files.WriteFile(inCopy(path), content, 0o600)
}

// inCopy is the name in the copy of a path of the host.
func inCopy(path string) string { return strings.TrimPrefix(path, "/") }

// copyLink keeps a link that leads to another place of the copy. Of a file
// elsewhere the copy gets the content, and to anything else there it has a link.
func (s *Stage) copyLink(path string) error {
	target, err := os.Readlink(path)
	if err != nil {
		return err
	}
	absolute := target
	if !filepath.IsAbs(target) {
		absolute = filepath.Join(filepath.Dir(path), target)
	}
	if conf.IsIn(absolute, s.apache.places.Tree) {
		relative, err := filepath.Rel(filepath.Dir(path), absolute)
		if err != nil {
			return err
		}
		return s.files.Symlink(relative, inCopy(path))
	}
	if content, err := trust.ReadFile(path, stagedLimit); err == nil {
		return s.files.WriteFile(inCopy(path), content, 0o600)
	}
	return s.files.Symlink(absolute, inCopy(path))
}

func (s *Stage) write(path string, entry store.PathState) error {
	if err := s.files.MkdirAll(inCopy(filepath.Dir(path)), 0o700); err != nil {
		return err
	}
	if entry.Kind == store.Folder {
		return s.files.MkdirAll(inCopy(path), 0o700)
	}
	if err := s.files.Remove(inCopy(path)); err != nil && !errors.Is(err, fs.ErrNotExist) && entry.Kind != store.Absent {
		return err
	}
	switch entry.Kind {
	case store.File:
		return s.files.WriteFile(inCopy(path), entry.Content, 0o600)
	case store.Link:
		return s.files.Symlink(entry.Target, inCopy(path))
	}
	return nil
}

// CheckRead holds that the main configuration file brings in each file that the
// plan wants enabled: a person may have taken the line away that does. What it
// leaves to others is theirs to disable.
func (s *Stage) CheckRead() error {
	read := map[string]bool{}
	for _, file := range s.after.Config.Files {
		read[file.Name] = true
	}
	for path, managed := range s.plan.Managed {
		for _, p := range []installed.Place{s.apache.places.Load, s.apache.places.Config, s.apache.places.Site} {
			folder, kind := p.Folder, store.File
			if p.Enabled != "" {
				folder, kind = p.Enabled, store.Link
			}
			if managed.Kind == kind && filepath.Dir(path) == folder && strings.HasSuffix(path, p.Suffix) && !read[path] {
				return fmt.Errorf("%s does not bring in %s, so that it would have no effect: add an Include line for its folder", s.apache.ConfigFile, path)
			}
		}
	}
	return nil
}

// CheckStart is an error about what would stop an Apache that takes the copy up: by
// its files, and by httpd. It makes the paths in the copy lead to the copy.
func (s *Stage) CheckStart(ctx context.Context) error {
	found := CheckFiles(s.after.Config, s.plan.whose)
	if err := s.redirect(); err != nil {
		return err
	}
	said := s.apache.ConfigTestOf(ctx, s.Root+s.apache.ConfigFile)
	if said != nil {
		said = s.plan.blame(errors.New(strings.ReplaceAll(said.Error(), s.Root, "")))
	}
	return withTest(found, said)
}

// redirect makes the directives that read files read those of the copy.
func (s *Stage) redirect() error {
	return fs.WalkDir(s.files.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || strings.HasSuffix(name, ".so") {
			return err
		}
		content, err := s.files.ReadFile(name)
		if err != nil {
			return err
		}
		tree := conf.Parse(name, string(content))
		var edits []conf.Edit
		for node := range tree.Nodes() {
			if text, ok := s.redirected(node); ok {
				edits = append(edits, node.Replace(text))
			}
		}
		if len(edits) == 0 {
			return nil
		}
		text, err := tree.Apply(edits)
		if err != nil {
			return err
		}
		return s.files.WriteFile(name, []byte(text), 0o600)
	})
}

// fileArgument is which argument of a directive is a file that httpd reads
// while it reads its configuration.
var fileArgument = map[string]int{"include": 0, "includeoptional": 0, "loadmodule": 1, "loadfile": 0}

// redirected is a directive with its file's name changed to the copy's, where
// the copy has it.
func (s *Stage) redirected(node conf.Node) (string, bool) {
	position, reads := fileArgument[strings.ToLower(node.Name())]
	words := node.Words()
	if node.Kind() != conf.DirectiveLine || !reads || len(words) <= position {
		return "", false
	}
	path := words[position]
	if !filepath.IsAbs(path) {
		path = filepath.Join(s.apache.ServerRoot, path)
	}
	if !conf.IsIn(path, s.apache.places.Tree) && !s.staged[path] {
		return "", false
	}
	words[position] = s.Root + path
	for i, word := range words {
		quoted, err := conf.Argument(word)
		if err != nil {
			return "", false
		}
		words[i] = quoted
	}
	return node.Name() + " " + strings.Join(words, " "), true
}
