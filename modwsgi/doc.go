// Package modwsgi knows what each mod_wsgi release understands and says:
// directives, daemon process options, script alias options, the profile of
// settings recommended for production, the messages of the error log, and the
// Pythons and Apaches that a release can be built for.
//
// The package is knowledge only: tables, and questions asked of them. It reads
// no file, starts no process, and knows nothing of Apache's own syntax. Each
// kind of knowledge is a pair of files, one with the type and its questions
// (directive.go), one with the table (directives.go); a [Span] in each row
// says which releases it is true of. The tests hold the tables against real
// modules, and docs/options.md and docs/messages.md are generated from them.
//
// An option of a new release is one row in its table, and the number of the
// release in [Newest].
package modwsgi

//go:generate go run reference.go ../docs
