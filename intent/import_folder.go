package intent

import "path/filepath"

// ImportFolder is the folder from which a script and the modules beside it are
// imported: its own, or the one above the top-most package that it is in. Django
// has manage.py there, whether or not the settings are a package with an
// __init__.py.
func ImportFolder(script string) string {
	folder := filepath.Dir(script)
	for IsThere(filepath.Join(folder, "__init__.py")) && folder != "/" {
		folder = filepath.Dir(folder)
	}
	if above := filepath.Dir(folder); !IsThere(filepath.Join(folder, "manage.py")) && IsThere(filepath.Join(above, "manage.py")) {
		return above
	}
	return folder
}
