package system

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/store"
)

// leaveUsedModules lets those of Apache's own modules stay enabled that files of others
// have come to use, though nothing of wsgictl's needs them any more: without them Apache
// would not accept those files, or not do what they say. They are nobody's from then on.
func (m Manager) leaveUsedModules(s *scope) error {
	ending := m.endingModules(s)
	if len(ending) == 0 {
		return nil
	}
	config, err := m.live()
	if err != nil {
		return err
	}
	s.current.Managed = maps.Clone(s.current.Managed)
	users := usersOf(config, ending, s.current.Managed)
	for _, name := range slices.Sorted(maps.Keys(users)) {
		user := users[name]
		s.notes = append(s.notes, fmt.Sprintf("Apache's module %s stays enabled, since %s:%d uses it (%s).", name, user.Pos().File, user.Pos().Line, user.Name))
		m.leaveModule(s, name)
	}
	return nil
}

// endingModules are those that wsgictl enabled and that nothing wants any more.
func (m Manager) endingModules(s *scope) []string {
	var names []string
	for path, managed := range s.current.Managed {
		_, wanted := s.lookup(path)
		name, isLoad := strings.CutSuffix(filepath.Base(path), m.places.Load.Suffix)
		if m.places.Load.Enabled != "" && filepath.Dir(path) == m.places.Load.Enabled && isLoad && managed.Kind == store.Link && !wanted && name != m.places.Name {
			names = append(names, name)
		}
	}
	return names
}

// usersOf are, for those of the modules that files of others use, a directive each.
func usersOf(config *conf.Config, names []string, managed map[string]Managed) map[string]*conf.Directive {
	moduleOf := map[string]string{}
	for _, module := range conf.HTTPDModules("") {
		name := strings.TrimSuffix(module.Identifier, "_module")
		if !slices.Contains(names, name) {
			continue
		}
		for _, directive := range module.Directives {
			moduleOf[strings.ToLower(directive.Name)] = name
		}
	}
	users := map[string]*conf.Directive{}
	for directive := range config.All() {
		name, is := moduleOf[strings.ToLower(directive.Name)]
		if is && users[name] == nil && !wholly(managed, directive.Pos().File) {
			users[name] = directive
		}
	}
	return users
}

// leaveModule gives up what enables a module and those that it depends on.
func (m Manager) leaveModule(s *scope, name string) {
	paths := []string{filepath.Join(m.places.Load.Enabled, name+m.places.Load.Suffix), filepath.Join(m.places.Load.Enabled, name+".conf")}
	for _, folder := range markerFolders {
		paths = append(paths, filepath.Join(m.places.Load.Markers, folder, name))
	}
	if _, ours := s.current.Managed[paths[0]]; !ours {
		return
	}
	for _, path := range paths {
		if _, wanted := s.lookup(path); !wanted {
			delete(s.current.Managed, path)
		}
	}
	text, err := m.trusted.ReadFile(m.places.Load.File(name), configLimit)
	if err != nil {
		return // which httpd tells
	}
	for _, dependency := range dependencies(string(text)) {
		m.leaveModule(s, dependency)
	}
}
