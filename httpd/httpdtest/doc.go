// Package httpdtest runs the real Apache for tests: a private server with a
// root of its own on a free port of 127.0.0.1, a configuration check, and the
// mod_wsgi modules of several releases to load into them.
//
// A test makes a [Server], writes the files that it needs below its root,
// starts it with the configuration under test, and asks it over HTTP. The
// server is stopped, by pid, when the test ends.
//
// Without an Apache on the machine the test is skipped, unless
// WSGICTL_REQUIRE_HTTPD is set, as it is where all tests must run.
package httpdtest
