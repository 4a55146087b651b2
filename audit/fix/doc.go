// Package fix writes what an audit can fix: all of it as one transaction, which is
// put back where the host's httpd accepts the files no longer.
//
// [Request.Propose] looks, and takes what the fixes make of the files, in turn until
// nothing is left to fix; it writes nothing. [Request.Write] does so between two
// questions to "httpd -t", and journals what it writes, so that the next one undoes
// what a killed one has left. [TellInterrupted] says that there is such a thing.
package fix
