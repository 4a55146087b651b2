package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/repository"
	"github.com/wsgictl/wsgictl/wsgi"
)

// repository is the folder of a path that names neither a file nor a server root.
// The root of a repository is one, although its httpd.conf could be a server's.
func (c auditCommand) repository(name string) (folder string, ok bool) {
	folder = filepath.Join(c.Root, name)
	info, err := os.Stat(folder)
	if name == "-" || err != nil || !info.IsDir() {
		return "", false
	}
	_, isServerRoot := c.mainFile(name)
	return folder, !isServerRoot || repository.IsRoot(folder)
}

// lookInto computes the view of each configuration in a folder. What one of them
// includes is a part of that, and none of its own.
func (c auditCommand) lookInto(ctx context.Context, folder string, settings auditSettings, say func(string)) ([]*wsgi.View, error) {
	found, err := repository.Find(folder)
	if err != nil {
		return nil, usageError{fmt.Errorf("audit %s: %w", folder, err)}
	}
	passedOver := found.Skipped.Summary(folder)
	if len(found.Files) == 0 {
		err := fmt.Errorf("audit %s: no server root, and no Apache configuration in it or below", folder)
		if passedOver != "" {
			err = fmt.Errorf("%w; passed over: %s", err, passedOver)
		}
		return nil, usageError{err}
	}
	configs := make([]*conf.Config, len(found.Files))
	for i, file := range found.Files {
		if configs[i], err = c.read(ctx, strings.TrimPrefix(file, c.Root)); err != nil {
			return nil, err
		}
	}
	var views []*wsgi.View
	folders := map[string][]*wsgi.View{} // whose files are those of one server
	for _, config := range repository.Whole(configs) {
		view := wsgi.Look(config, settings.release, nil)
		tellOfAnotherHost(config, say)
		views = append(views, view)
		dir := filepath.Dir(config.Path(config.Files[0].Name))
		folders[dir] = append(folders[dir], view)
	}
	for _, together := range folders {
		wsgi.Together(together)
	}
	if passedOver != "" {
		say(fmt.Sprintf("passed over in %s: %s", folder, passedOver))
	}
	return views, nil
}
