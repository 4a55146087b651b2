// Package installed is about the Apache of a host: where it is, how it is laid
// out, which of the processes is its server, and how that is controlled.
//
// It knows Apache and not a word of WSGI. All that is read is below a
// [hostfiles.Root], so that a recorded host is looked at like this one.
//
// # The program
//
// [Find] lists the httpd programs of a host and [Look] tells what one was compiled
// with, from its file where that tells; the table of platforms.go, the
// only one, adds where its distribution keeps the rest: [Apache.Places] for the files of
// the configuration, [MainFiles] and [EnvVarsOf] where only files are at hand, and
// [PackagesFor] for what to install.
//
// # The variables and the configuration
//
// [Apache.Environment] is what envvars leave to httpd, and [Apache.Options] are those
// with which package conf reads the configuration as this server would; nothing else
// reads either. [Apache.Configure] fills in what it decides. A configuration that
// somebody names, which may be of no server that is known, is [Named]: it is found and
// read with the same tables.
//
// # The process
//
// A pid file is a claim: it may be left behind, and its number be another
// program's by now. [Instance.Process] is the one reader of pid files. It proves
// that the process is there, that it runs the httpd, and that it was started with
// this configuration; the error says which of these is not so. A [Process] is told
// from a later one of its number by the time at which it was started, which
// [Process.IsRunning] and [Process.Signal] look at.
//
// # The control
//
// A [Server] is told what to do: it checks its configuration, starts, takes the
// configuration up, and stops, each of which is waited for as long as the context lasts.
package installed
