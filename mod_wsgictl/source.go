package modwsgictl

import "embed"

// Source holds the C files of the module, below "source": all of them are built
// together, as "apxs -c -n wsgictl -o mod_wsgictl.so source/*.c" does.
//
//go:embed source/*.c source/*.h
var Source embed.FS
