package subject

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/repository"
	"github.com/wsgictl/wsgictl/wsgi"
)

// repositoryOf is the folder of a name that is that of neither a file nor a server
// root. The root of a repository is one, although its httpd.conf could be a server's.
func repositoryOf(name installed.Named) (folder string, ok bool) {
	if name.Name == "" || name.Name == installed.Input {
		return "", false
	}
	folder = name.Root.At(name.Name)
	info, err := os.Stat(folder)
	if err != nil || !info.IsDir() {
		return "", false
	}
	return folder, !name.IsServerRoot() || repository.IsRoot(folder)
}

// lookInto computes the view of each configuration in the folder of a name. What one
// of them includes is a part of that, and none of its own.
func (s Subject) lookInto(folder string, name installed.Named) ([]*wsgi.View, error) {
	found, err := repository.Find(folder)
	if err != nil {
		return nil, &installed.RequestError{Err: fmt.Errorf("audit %s: %w", folder, err)}
	}
	passedOver := found.Skipped.Summary(folder)
	if len(found.Files) == 0 {
		err := fmt.Errorf("audit %s: no server root, and no Apache configuration in it or below", folder)
		if passedOver != "" {
			err = fmt.Errorf("%w; passed over: %s", err, passedOver)
		}
		return nil, &installed.RequestError{Err: err}
	}
	configs := make([]*conf.Config, len(found.Files))
	for i, file := range found.Files {
		name.Name = name.Root.Without(file)
		if configs[i], err = name.Read(); err != nil {
			return nil, err
		}
	}
	views := s.lookAtWhole(configs)
	if passedOver != "" {
		s.Say(fmt.Sprintf("passed over in %s: %s", folder, passedOver))
	}
	return views, nil
}

// lookAtWhole are the views of those that are no part of another one.
func (s Subject) lookAtWhole(configs []*conf.Config) []*wsgi.View {
	var views []*wsgi.View
	folders := map[string][]*wsgi.View{} // whose files are those of one server
	for _, config := range repository.Whole(configs) {
		view := wsgi.Look(config, s.Release, nil)
		s.tellOfAnotherHost(config)
		views = append(views, view)
		dir := filepath.Dir(config.Path(config.Files[0].Name))
		folders[dir] = append(folders[dir], view)
	}
	for _, together := range folders {
		wsgi.Together(together)
	}
	return views
}
