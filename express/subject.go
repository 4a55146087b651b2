package express

import "context"

// A subject is who serves which application, where, and on what software.
type subject struct {
	command Command
	who     identity
	at      addresses
	root    serverRoot
	software
	app application
}

func settleSubject(ctx context.Context, command Command, caller Caller) (subject, error) {
	who, err := identify(caller, command.Account)
	if err != nil {
		return subject{}, WrongUse{err}
	}
	if err := command.check(who); err != nil {
		return subject{}, WrongUse{err}
	}
	at, err := settleAddresses(ctx, command.Options)
	if err != nil {
		return subject{}, WrongUse{err}
	}
	root, err := settleRoot(command.ServerRoot, at, who)
	if err != nil {
		return subject{}, err
	}
	software, err := findSoftware(ctx, command.Options, who)
	if err != nil {
		return subject{}, err
	}
	app, err := findApplication(ctx, command, software.place, root)
	return subject{command, who, at, root, software.importing(app.path), app}, err
}
