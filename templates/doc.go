// Package templates turns declared intent into configuration files: a
// [Daemon] or a [Site] in, text for Apache out.
//
// Intent comes from flags or from wsgictl.toml ([ParseIntent]). What is left
// out gets the value recommended for the mod_wsgi release in use; what is
// asked for and cannot be had, or cannot be written so that Apache reads back
// exactly that, is an error. The same intent gives the same bytes.
//
// The package reads no host and writes no file: what depends on the host, such
// as the locale or the folder of the logs, stands in the intent.
//
//go:generate go run reference.go ../docs/wsgictl.toml.md
package templates
