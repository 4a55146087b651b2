package conf

import (
	"fmt"
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// toLoad says how to load the module that has a directive of this name, by what the
// host's files show; "" where no module that is known has it. It is found once for all
// lines of a name.
func (r *reader) toLoad(name string, s *spelling) string {
	if s.known == nil || s.toLoad != "" {
		return s.toLoad
	}
	for _, carrier := range s.known.carriers {
		if carrier.has != expr.False && !isMPM(carrier.module) {
			module, _ := r.modules.table(carrier.module)
			s.toLoad = fmt.Sprintf("Load %s, which has %s: %s.", strings.TrimSuffix(module.File, ".c"), name, r.loading(module))
			break
		}
	}
	return s.toLoad
}

// loading is the command that loads a module, where its distribution has a file for it,
// or else the line.
func (r *reader) loading(module Module) string {
	name := strings.TrimSuffix(module.Identifier, "_module")
	if len(r.config.Files) > 0 && r.files.exists(path.Join(path.Dir(r.config.Files[0].Name), "mods-available", name+".load")) {
		return fmt.Sprintf("run \"a2enmod %s\"", name)
	}
	folder := "modules"
	for _, d := range r.config.Loads {
		if strings.Contains(d.Word(1), "/") {
			folder = path.Dir(d.Word(1))
			break
		}
	}
	file := path.Join(folder, strings.TrimSuffix(module.File, ".c")+".so")
	line := fmt.Sprintf("write \"LoadModule %s %s\"", module.Identifier, file)
	if r.files.lacks(r.config.relative(file)) {
		return "install the package that brings it, and " + line
	}
	return line
}
