// Package intent makes one complete declaration of what a person wants: of flags,
// of a wsgictl.toml, and of the facts of a host.
//
// [Read] reads the file of a project where only who is trusted can change it, and
// [ReadFile] that of anybody. A flag that was given wins over the file, whatever its
// value ([Flags], [Given]); the host fills in what neither says ([Declared.Complete],
// [File.Site]). What templates makes of it is configuration for Apache. A project
// that has no file yet is a [Project].
//
//go:generate go run reference.go ../docs/wsgictl.toml.md
package intent
