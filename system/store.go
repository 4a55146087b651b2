package system

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/trust"
)

// A Store is the folder in which wsgictl remembers what it did to one Apache:
// the generations, the content of every file in them, and, while a change is
// under way, its journal. Only the owner can read it, since it keeps what
// stood in files that others may not read.
type Store struct {
	dir    string
	report func(string)
}

// OpenStore opens the store in a folder, which is made when it is not there.
// Each step of a change is told to report before it is done; nil is fine.
func OpenStore(dir string, report func(string)) (*Store, error) {
	if report == nil {
		report = func(string) {}
	}
	for _, folder := range []string{dir, filepath.Join(dir, "generations"), filepath.Join(dir, "objects")} {
		opened, _, err := trust.RootAndCaller().MakeFolder(folder, 0o700)
		if err != nil {
			return nil, fmt.Errorf("open store: %w", err)
		}
		_ = opened.Close()
	}
	return &Store{dir: dir, report: report}, nil
}

func (s *Store) path(names ...string) string {
	return filepath.Join(append([]string{s.dir}, names...)...)
}

// keep remembers the content of a file.
func (s *Store) keep(e Entry) error {
	if e.Kind != File {
		return nil
	}
	path := s.path("objects", e.Digest)
	if kept, err := os.ReadFile(path); err == nil && digest(kept) == e.Digest {
		return nil
	}
	if err := writeSynced(path, e.content); err != nil {
		return fmt.Errorf("keep the content of a file: %w", err)
	}
	return nil
}

// fill gives a file's entry its content.
func (s *Store) fill(e *Entry) error {
	if e.Kind != File || e.content != nil {
		return nil
	}
	content, err := os.ReadFile(s.path("objects", e.Digest))
	if err != nil {
		return fmt.Errorf("read kept file: %w", err)
	}
	if digest(content) != e.Digest {
		return fmt.Errorf("read kept file: %s is damaged", s.path("objects", e.Digest))
	}
	e.content = content
	return nil
}

// Generations are all that the store remembers, oldest first.
func (s *Store) Generations() ([]Generation, error) {
	entries, err := os.ReadDir(s.path("generations"))
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	var all []Generation
	for _, entry := range entries {
		name, isGeneration := strings.CutSuffix(entry.Name(), ".json")
		if _, err := strconv.Atoi(name); err != nil || !isGeneration {
			continue
		}
		var g Generation
		if err := readJSON(s.path("generations", entry.Name()), &g); err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
		all = append(all, g)
	}
	slices.SortFunc(all, func(a, b Generation) int { return a.Number - b.Number })
	return all, nil
}

// Current is the generation in force. Before the first one it is number 0, in
// which nothing is managed.
func (s *Store) Current() (Generation, error) {
	all, err := s.Generations()
	if err != nil || len(all) == 0 {
		return Generation{}, err
	}
	return all[len(all)-1], nil
}

func (s *Store) generationFile(number int) string {
	return s.path("generations", strconv.Itoa(number)+".json")
}

func writeJSON(path string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return writeSynced(path, append(text, '\n'))
}

// writeSynced replaces a file as a whole; when it returns, the file and its
// name are on disk.
func writeSynced(path string, content []byte) error {
	if err := trust.WriteFile(path, content, 0o600); err != nil {
		return err
	}
	return syncPath(filepath.Dir(path))
}

func readJSON(path string, value any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, value); err != nil {
		return fmt.Errorf("%s is damaged (%w): bring it back from a backup; without one, look at the files that it is about, and move it away", path, err)
	}
	return nil
}

// sync brings the names in the store to disk.
func (s *Store) sync() error { return syncPath(s.dir) }

func syncPath(dir string) error {
	folder, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	return syncFolder(folder)
}
