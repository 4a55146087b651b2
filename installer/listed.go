package installer

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// listed are names in site-packages that the metadata of distributions there
// lists as theirs.
type listed map[string]bool

// has reports whether a file is listed, or was compiled by Python from one that is.
func (l listed) has(name string) bool {
	if dir, file := path.Split(name); path.Base(dir) == "__pycache__" && path.Ext(file) == ".pyc" {
		module, _, _ := strings.Cut(strings.TrimSuffix(file, ".pyc"), ".cpython-")
		if l[path.Join(path.Dir(path.Clean(dir)), module+".py")] {
			return true
		}
	}
	return l[name]
}

// listedFiles are the files of mod_wsgi in site-packages, without those that
// another distribution lists too. The metadata of a placing that was killed,
// which lies in its stage, counts.
func listedFiles(sitePackages *os.Root) (listed, error) {
	folders, err := fs.Glob(sitePackages.FS(), "*-info")
	if err != nil {
		return nil, err
	}
	staged, err := fs.Glob(sitePackages.FS(), stagePrefix+"*/*-info")
	if err != nil {
		return nil, err
	}
	own, others := listed{}, listed{}
	for _, folder := range append(folders, staged...) {
		names := others
		if isModWSGIMetadata(path.Base(folder)) {
			names = own
		}
		if err := names.add(sitePackages, folder); err != nil {
			return nil, err
		}
	}
	for name := range others {
		delete(own, name)
	}
	return own, nil
}

// add adds what a folder of metadata lists: in RECORD (PEP 376), or in the list
// that setup.py leaves, whose names start at the folder.
func (l listed) add(sitePackages *os.Root, folder string) error {
	record, err := readOwn(sitePackages, path.Join(folder, "RECORD"))
	if err != nil {
		return err
	}
	l.addRecord(record)
	files, err := readOwn(sitePackages, path.Join(folder, "installed-files.txt"))
	if err != nil {
		return err
	}
	for lines := bufio.NewScanner(bytes.NewReader(files)); lines.Scan(); {
		l[path.Join(folder, lines.Text())] = true
	}
	return nil
}

// addRecord reads as far as a RECORD is whole: what a damaged one does not
// list is nobody's, and stays.
func (l listed) addRecord(text []byte) {
	lines := csv.NewReader(bytes.NewReader(text))
	lines.FieldsPerRecord = -1
	for {
		line, err := lines.Read()
		if err != nil {
			return
		}
		l[path.Clean(line[0])] = true
	}
}

// removeFrom removes the listed files of a folder, and the folders that are empty
// then.
func (l listed) removeFrom(root *os.Root, folder string) error {
	names, err := filesIn(root, folder, l.has)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := root.Remove(name); err != nil {
			return err
		}
	}
	for _, name := range names {
		for dir := path.Dir(name); dir != "." && root.Remove(dir) == nil; { // until one holds something
			dir = path.Dir(dir)
		}
	}
	return nil
}

// filesIn lists the files below a folder that are wanted; a folder that is not
// there has none.
func filesIn(root *os.Root, folder string, want func(name string) bool) ([]string, error) {
	var names []string
	err := fs.WalkDir(root.FS(), folder, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && want(name) {
			names = append(names, name)
		}
		if errors.Is(err, fs.ErrNotExist) && name == folder {
			return fs.SkipAll
		}
		return err
	})
	return names, err
}

// readOwn reads a regular file; what is none, or not there, holds nothing.
func readOwn(root *os.Root, name string) ([]byte, error) {
	info, err := root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ENOTDIR) || err == nil && !info.Mode().IsRegular() {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return root.ReadFile(name)
}
