// Package repository finds the Apache configuration that lies about in a folder
// of source code.
//
//	folder ─ walk, past what git ignores ─→ names ─ text of each ─→ Found
//
// [Find] goes by names first: site.conf, site.conf.j2, .htaccess, whatever lies in
// sites-available. Only such files are opened, and only those are taken that hold
// directives of Apache. Links are not followed, what is no regular file is not
// opened, and everything that is passed over is told by [Found.Skipped].
package repository
