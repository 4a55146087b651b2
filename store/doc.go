// Package store changes files as a journaled transaction that survives
// anything: a verification that fails, a full disk, kill -9, a power cut.
//
// A [PathState] is what stands at a path: a file, a link, a folder, or nothing.
// A [Change] turns one into another. [Store.Carry] makes many of them as one
// [Transaction]: it writes a journal first, then all new content beside its
// place, then it renames; each change can be made and undone again and again.
// A journal that a killed process has left is the store's [Store.Pending], which
// [Store.Recover] finishes or undoes.
//
// What a transaction is about is its caller's: a store keeps records for it by
// name, and the content of files by digest.
package store
