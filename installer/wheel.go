package installer

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/trust"
)

// A Wheel is a built distribution of mod_wsgi, all of it in memory: one is
// less than 2 MiB.
type Wheel struct {
	Path         string // the .whl file
	Distribution string // "mod_wsgi", or "mod_wsgi_standalone"
	Release      modwsgi.Release

	files   []wheelFile // RECORD last
	missing error       // why it has no mod_wsgictl, where it has none
}

// A wheelFile is one file of a wheel, named from the wheel's root.
type wheelFile struct {
	name       string
	data       []byte
	executable bool
}

// An entryPoint is a function that a console script calls.
type entryPoint struct {
	module, function string
}

const scriptName = "mod_wsgi-express"

// writeWheel makes the wheel of a built module (PEP 427) in the folder dir.
func writeWheel(r recipe, t tree, module, dir string) (*Wheel, error) {
	metadata, err := t.metadata()
	if err != nil {
		return nil, err
	}
	w := &Wheel{Distribution: metadata.distribution(), Release: t.release}
	if err := w.addPackage(t); err != nil {
		return nil, err
	}
	data, err := trust.ReadFile(module, maxWheel)
	if err != nil {
		return nil, err
	}
	w.add("mod_wsgi/server/"+r.ModuleFile, data).executable = true
	w.add(t.apxsConfigName(), []byte(r.ApxsConfig))
	w.add(w.distInfo()+"/METADATA", metadata)
	w.add(w.distInfo()+"/WHEEL", wheelHeader(r.WheelTag))
	w.add(w.distInfo()+"/entry_points.txt", entryPoints(t.entryPoint()))
	if license, err := trust.ReadFile(filepath.Join(t.dir, "LICENSE"), maxArchiveSize); err == nil {
		w.add(w.distInfo()+"/licenses/LICENSE", license)
	}
	w.add(w.distInfo()+"/RECORD", record(w.files, w.distInfo()))
	w.Path = filepath.Join(dir, fmt.Sprintf("%s-%s-%s.whl", w.Distribution, w.Release, r.WheelTag))
	return w, w.save()
}

// add appends a file; what it returns is good until the next add.
func (w *Wheel) add(name string, data []byte) *wheelFile {
	w.files = append(w.files, wheelFile{name: name, data: data})
	return &w.files[len(w.files)-1]
}

func (w *Wheel) addPackage(t tree) error {
	files, err := t.packageFiles()
	if err != nil {
		return err
	}
	for _, file := range files {
		data, err := trust.ReadFile(filepath.Join(t.dir, file.from), maxArchiveSize)
		if err != nil {
			return err
		}
		w.add(file.to, data)
	}
	return nil
}

// distInfo names the wheel's folder of metadata.
func (w *Wheel) distInfo() string {
	return fmt.Sprintf("%s-%s.dist-info", w.Distribution, w.Release)
}

func wheelHeader(tag string) []byte {
	return fmt.Appendf(nil, "Wheel-Version: 1.0\nGenerator: wsgictl\nRoot-Is-Purelib: false\nTag: %s\n", tag)
}

func entryPoints(script entryPoint) []byte {
	return fmt.Appendf(nil, "[console_scripts]\n%s = %s:%s\n", scriptName, script.module, script.function)
}

// save writes the wheel as a zip file; the same files give the same bytes.
func (w *Wheel) save() error {
	var text bytes.Buffer
	archive := zip.NewWriter(&text)
	for _, file := range w.files {
		header := &zip.FileHeader{Name: file.name, Method: zip.Deflate}
		header.SetMode(file.mode())
		entry, err := archive.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := entry.Write(file.data); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return trust.WriteFile(w.Path, text.Bytes(), 0o644)
}

func (f wheelFile) mode() os.FileMode {
	if f.executable {
		return 0o755
	}
	return 0o644
}

// maxWheel bounds a wheel, and all files in it together, in bytes; one with a
// static libpython and its debug information has some 40 MB.
const maxWheel = 256 << 20

// openWheel reads a wheel and holds each file against RECORD. Root reads none
// that somebody else could change.
func openWheel(file string) (*Wheel, error) {
	text, err := trust.Deciders().ReadFile(file, maxWheel)
	if err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		return nil, err
	}
	name := strings.Split(filepath.Base(file), "-")
	if len(name) < 2 {
		return nil, fmt.Errorf("%s: not the name of a wheel", file)
	}
	release, err := modwsgi.ParseRelease(name[1])
	if err != nil {
		return nil, err
	}
	w := &Wheel{Path: file, Distribution: name[0], Release: release}
	left := int64(maxWheel)
	for _, entry := range archive.File {
		data, err := readEntry(entry, left)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", file, entry.Name, err)
		}
		left -= int64(len(data))
		w.add(entry.Name, data).executable = entry.Mode()&0o111 != 0
	}
	if err := checkRecord(w.files, w.distInfo()); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return w, nil
}

func readEntry(entry *zip.File, limit int64) ([]byte, error) {
	reader, err := entry.Open()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	data, err := io.ReadAll(io.LimitReader(reader, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = errors.New("the wheel has more in it than any of mod_wsgi")
	}
	return data, err
}

// module is the mod_wsgi among the wheel's files.
func (w *Wheel) module() wheelFile {
	return w.find(func(name string) bool {
		return path.Dir(name) == "mod_wsgi/server" && path.Ext(name) == ".so" && !modwsgi.IsBeside(name)
	})
}

// beside is the mod_wsgictl among the wheel's files; the zero value where it has none.
func (w *Wheel) beside() wheelFile {
	wanted := modwsgi.Beside(w.module().name)
	return w.find(func(name string) bool { return name == wanted })
}

// verified asks about the modules of a wheel whose files lie below a folder.
func (w *Wheel) verified(verify func(module, beside string) error, folder string) error {
	beside := ""
	if name := w.beside().name; name != "" {
		beside = filepath.Join(folder, name)
	}
	return verify(filepath.Join(folder, w.module().name), beside)
}

func (w *Wheel) find(is func(name string) bool) wheelFile {
	for _, file := range w.files {
		if is(file.name) {
			return file
		}
	}
	return wheelFile{}
}

// script is the function that the wheel's console script calls.
func (w *Wheel) script() (entryPoint, error) {
	for _, file := range w.files {
		if file.name != w.distInfo()+"/entry_points.txt" {
			continue
		}
		_, value, _ := strings.Cut(string(file.data), scriptName+" = ")
		module, function, ok := strings.Cut(strings.TrimSpace(value), ":")
		if ok {
			return entryPoint{module, function}, nil
		}
	}
	return entryPoint{}, fmt.Errorf("%s: no entry point %s", w.Path, scriptName)
}

// ModuleFile is the name of the Apache module among the wheel's files.
func (w *Wheel) ModuleFile() string { return path.Base(w.module().name) }

// ExtractModule writes the Apache module alone into the folder dir, with the
// mod_wsgictl beside it, and gives its path. What is there already stays; others are
// replaced, never overwritten, since a running Apache may have them mapped.
func (w *Wheel) ExtractModule(ctx context.Context, dir string) (string, error) {
	p := w.pair(filepath.Join(dir, w.ModuleFile()))
	if p.isThere() {
		return p.path, nil
	}
	return p.path, p.write(ctx, nil)
}
