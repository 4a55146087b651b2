// Package intent makes one complete declaration of what a person wants: of flags,
// of a wsgictl.toml ([Parse]), and of the facts of a host.
//
// A flag that was given wins over the file, whatever its value; the host fills in
// what neither says ([File.Complete]). What templates makes of it is configuration
// for Apache.
//
//go:generate go run reference.go ../docs/wsgictl.toml.md
package intent
