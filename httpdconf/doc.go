// Package httpdconf reads and writes Apache configuration as text, as a
// lossless tree, and as the effective configuration that a running server
// would use.
//
// It knows Apache's syntax and nothing of WSGI; it has no opinion on what it
// reads.
package httpdconf
