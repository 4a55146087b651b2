package cli

import (
	"context"
	"fmt"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/system"
)

// declareFlags name what is declared.
type declareFlags struct {
	systemFlags
	keptFlags
	File string `placeholder:"FILE" help:"The declaration (default: ./wsgictl.toml; as root in a folder that others can change, one of /etc/wsgictl)."`
}

// onlyFlag restricts a command to some sites of a declaration.
type onlyFlag struct {
	Only []string `sep:"none" placeholder:"SITE" help:"Change only this site of the declaration, with its daemon process group, and leave its others as they are; may be given again."`
}

func (f declareFlags) request(s *streams, why purpose) (system.Request, error) {
	request := f.systemFlags.request(s, why)
	var err error
	request.Modules, err = f.folder()
	return request, err
}

// openDeclared opens the Apache for what the file declares.
func (f declareFlags) openDeclared(ctx context.Context, s *streams, why purpose) (*opened, intent.Declared, error) {
	request, err := f.request(s, why)
	if err != nil {
		return nil, intent.Declared{}, err
	}
	session, d, err := system.OpenFor(ctx, request, f.File)
	return &opened{session, s}, d, err
}

// declare completes what the file says, and prints what a person should know.
func (o *opened) declare(d intent.Declared, module system.Module) (system.Declaration, error) {
	declaration, err := o.Declare(d, module)
	if err != nil {
		return declaration, err
	}
	for _, advice := range o.Advice(&o.Host, declaration) {
		fmt.Fprintln(o.streams.stderr, advice)
	}
	return declaration, nil
}
