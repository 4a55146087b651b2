package templates

// LoadModules gives the lines that load modules of Apache where nothing else
// does. The key is a module's name as in "alias" of mod_alias, the value its
// file.
func LoadModules(files map[string]string) (string, error) {
	return execute("load_modules.conf.tmpl", files)
}
