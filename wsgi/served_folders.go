package wsgi

import (
	"math"
	"path"
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// servedFolders finds the Alias of a server that serves a file.
type servedFolders struct {
	aliases []*conf.Directive
	folders pathIndex // numbers of the first one for each folder
}

// newServedFolders are those in effect for certain that stand in the server
// itself.
func newServedFolders(s *Server) *servedFolders {
	x := &servedFolders{}
	for d := range s.Certain("Alias") {
		if d.VirtualHost() != s.Section {
			break // those of the main server follow
		}
		x.folders.add(path.Clean(d.Word(1)), len(x.aliases))
		x.aliases = append(x.aliases, d)
	}
	x.folders.sort()
	x.folders.entries = slices.CompactFunc(x.folders.entries, func(a, b pathEntry) bool { return a.path == b.path })
	return x
}

// aliasOver is the first Alias of the server itself for a folder above a file,
// or nil.
func (s *Server) aliasOver(file string) *conf.Directive {
	if !s.IsLarge() {
		for _, d := range s.Level {
			if d.Is("Alias") && conf.IsBelow(file, d.Word(1)) && s.IsInEffect(d, request.Certainly) {
				return d
			}
		}
		return nil
	}
	return s.aliasAbove(path.Clean(file))
}

// aliasAbove is aliasOver by index.
func (s *Server) aliasAbove(file string) *conf.Directive {
	s.servedOnce.Do(func() { s.served = newServedFolders(s) })
	x := s.served
	first := len(x.aliases)
	above := func(folder string) {
		for _, n := range x.folders.equal(folder, math.MaxInt) {
			first = min(first, n)
		}
	}
	if file != "/" {
		above("/")
	}
	for end := 1; end < len(file); end++ {
		if file[end] == '/' {
			above(file[:end])
		}
	}
	if first == len(x.aliases) {
		return nil
	}
	return x.aliases[first]
}

// ServedFrom is the DocumentRoot or Alias that serves a file as it is, with its
// folder.
func (s *Server) ServedFrom(file string) (d *conf.Directive, folder string) {
	if root := s.Last("DocumentRoot"); root != nil && conf.IsBelow(file, root.Word(0)) {
		return root, path.Clean(root.Word(0))
	}
	for at := s; at != nil; at = at.main {
		if d := at.aliasOver(file); d != nil {
			return d, path.Clean(d.Word(1))
		}
	}
	return nil, ""
}
