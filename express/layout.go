package express

import (
	"context"
	"fmt"
	"slices"

	"github.com/wsgictl/wsgictl/templates"
)

// A layout is the files that a server reads, writes and runs.
type layout struct {
	places    places
	logs      logging
	https     https
	programs  programs
	debugging debugFolders
	modules   []templates.ServerModule
	mimeTypes string
	aliases   []templates.Alias

	folders []Folder // to be made
	uses    []use    // of root
	unseen  notes
}

// settleLayout refuses files that are not there, and those by which others could become
// root.
func settleLayout(ctx context.Context, o Options, app application, place workplace, a apache, root serverRoot) (layout, error) {
	who, names := place.who, a.moduleNames(o)
	logs, err := settleLogging(o, root, who)
	if err != nil {
		return layout{}, err
	}
	if err := logs.checkLevels(ctx, a, names); err != nil {
		return layout{}, WrongUse{err}
	}
	https, err := settleHTTPS(o, who)
	if err != nil {
		return layout{}, err
	}
	programs, err := settlePrograms(o, place)
	if err != nil {
		return layout{}, err
	}
	places, err := settlePlaces(o, app, root, who)
	if err != nil {
		return layout{}, err
	}
	debugging, modules, mime := settleDebugging(o.Debugging, root, who.Caller), a.modules(names), mimeTypes(o.MIMETypes, who.Caller)
	folders := slices.Concat(places.folders, logs.folders, debugging.folders())
	uses := slices.Concat(a.uses(modules), programs.uses(place), places.uses(o.mode()), usesOfIncludes(o, who.Caller), https.uses(), logs.uses,
		[]use{{option: "mime-types", path: mime, how: "it is read"}})
	if err := who.checkAsRoot(uses, folders); err != nil {
		return layout{}, err
	}
	if err := checkFiles(o, app.documents, a, who.Caller); err != nil {
		return layout{}, err
	}
	unseen, err := debugging.checkCoverage(ctx, place)
	return layout{
		places: places, logs: logs, https: https, programs: programs, debugging: debugging, modules: modules, mimeTypes: mime,
		aliases: settleAliases(app.aliases, who.Caller), folders: folders, uses: uses, unseen: unseen,
	}, err
}

// usesOfIncludes are the configuration of others that httpd.conf includes.
func usesOfIncludes(o Options, caller Caller) []use {
	var uses []use
	for _, file := range o.IncludeFiles {
		uses = append(uses, use{option: "include-file", path: caller.abs(file), how: "it is read", included: true})
	}
	return uses
}

// checkFiles refuses names of files that are not there.
func checkFiles(o Options, documents string, a apache, caller Caller) error {
	type file struct{ option, path string }
	named := []file{
		{"host-access-script", o.HostAccessScript}, {"auth-user-script", o.AuthUserScript}, {"auth-group-script", o.AuthGroupScript},
		{"rewrite-rules", o.RewriteRules}, {"envvars-script", o.EnvvarsScript}, {"mime-types", o.MIMETypes},
		{"ssl-ca-certificate-file", o.SSLCACertificateFile}, {"ssl-certificate-chain-file", o.SSLCertificateChainFile},
		{"document-root", documents},
	}
	if o.WithPHP5 {
		named = append(named, file{"with-php5", a.moduleFile("php5")})
	}
	for _, pair := range o.ServiceScripts {
		named = append(named, file{"service-script", pair[1]})
	}
	for _, pair := range o.HandlerScripts {
		named = append(named, file{"add-handler", pair[1]})
	}
	for _, path := range o.IncludeFiles {
		named = append(named, file{"include-file", path})
	}
	for _, file := range named {
		path := caller.abs(file.path)
		if path == "" || exists(path) {
			continue
		}
		if oneOf(file.option, "include-file", "rewrite-rules") && isPattern(path) {
			continue // Apache includes what fits, and says if nothing does
		}
		return fmt.Errorf("--%s %s: no such file", file.option, path)
	}
	return nil
}
