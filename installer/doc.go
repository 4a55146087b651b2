// Package installer goes from a source archive of mod_wsgi to a loadable
// module in a virtualenv.
//
// A [Source] is an archive or a tree with its digest. A [Builder] compiles and
// links it for one Apache and one Python and gives a [Wheel], kept in a cache
// under a key made of everything that went into it. [Place] puts the wheel into
// a virtualenv in one step that cannot be half done.
//
// [Install] does all of it for a host that detect has looked at, and decides what
// may be built with. Root goes by what root alone can change, and keeps the module
// for a virtualenv of somebody else's in a folder of its own: see [FindKept].
//
// [FindInstalled] gives the module that a virtualenv is served with, and [Wanted] the
// one for a declaration, built where there is none.
//
// It needs neither setuptools nor pip, and it touches no Apache configuration.
package installer
