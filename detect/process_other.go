//go:build !unix

package detect

// Hosts without Unix permissions get one verdict only: that Apache with
// mod_wsgi's daemon mode does not run there.

func (t tree) writable(dir string) bool { return t.IsDir(dir) }

func machine() string { return "" }
