// Package modwsgi knows what each mod_wsgi release understands and says:
// directives, daemon process options, script alias options, the profile of
// settings recommended for production, and the Pythons and Apaches that a
// release can be built for.
//
// The package is knowledge only: tables, and questions asked of them. It reads
// no file, starts no process, and knows nothing of Apache's own syntax.
package modwsgi

//go:generate go run reference.go ../docs
