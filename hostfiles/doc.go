// Package hostfiles looks at the files of a host, this one's or those recorded
// of another: a [Root] stands for "/", so that all that reads by it can be held
// against recorded hosts. It changes nothing, opens nothing that is no regular
// file, and reads no more than such a file usually has. Programs and libraries
// are read as ELF and Mach-O files, and found as the loader finds them; a program
// that does not tell all by its file is asked ([Root.Output]), by root as the
// account that could exchange it.
package hostfiles
