package repository

import (
	"path/filepath"
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// Whole are those of several configurations that are no part of another one: none of
// the others includes them.
func Whole(configs []*conf.Config) []*conf.Config {
	within := newWithin(configs)
	var whole []*conf.Config
	for i, config := range configs {
		if !within.isPart(i) {
			whole = append(whole, config)
		}
	}
	return whole
}

// within tells which of several configurations include which others.
type within struct {
	own   []string         // the main file of each, without links on the way
	parts map[string][]int // by which of them a file is included
}

func newWithin(configs []*conf.Config) within {
	w := within{parts: map[string][]int{}}
	for i, config := range configs {
		for _, file := range config.Files {
			name, err := filepath.EvalSymlinks(config.Path(file.Name))
			switch {
			case file == config.Files[0]:
				w.own = append(w.own, name)
			case err == nil:
				w.parts[name] = append(w.parts[name], i)
			}
		}
	}
	return w
}

// isPart tells whether another configuration includes the one with number i. Of
// two that include each other neither is a part.
func (w within) isPart(i int) bool {
	return slices.ContainsFunc(w.parts[w.own[i]], func(j int) bool {
		return j != i && !slices.Contains(w.parts[w.own[j]], i)
	})
}
