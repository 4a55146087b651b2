// Package detect gathers facts about one host: its Apache, the headers and
// modules of that Apache, its Pythons and virtualenvs, and the mod_wsgi
// modules found in them, with a list of problems and the command that fixes
// each.
//
// It changes nothing. A [Host] is plain data that goes to JSON and back
// without loss, so that everything after detection can run on another machine.
//
// The facts come from files where files tell them: the configuration, the
// ELF or Mach-O structure of modules, pyvenv.cfg, sysconfig's tables. Only
// httpd, apxs, the one Python in use and locale are started, side by side and
// each with a time limit. The checks of verdict.go then look at the facts.
//
//	host, err := detect.Detect(ctx, detect.Request{Venv: ".venv"})
package detect

//go:generate go run reference.go ../docs/detect.md
