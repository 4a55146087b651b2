package wsgi

// How many bytes of a file are read. Larger ones are taken for not there.
const (
	maxScript = 1 << 20  // handler.wsgi of a server root, which has some kilobytes
	maxVenv   = 64 << 10 // pyvenv.cfg, which has a few lines
	maxModule = 64 << 20 // a module of Apache; mod_wsgi.so has up to five million
)
