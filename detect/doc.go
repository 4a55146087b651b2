// Package detect gathers facts about one host: its Apache, the headers and
// modules of that Apache, its Pythons and virtualenvs, and the mod_wsgi
// modules found in them, with a list of problems and the command that mends
// each.
//
// It changes nothing. A [Host] is plain data that goes to JSON and back
// without loss, so that everything after detection can run on another machine.
package detect
