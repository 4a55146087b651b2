// Package system changes the system's Apache as one transaction: what is
// declared is planned, applied, verified and, if anything fails, undone.
//
// The lower half knows nothing of Apache. An [Entry] is what may stand at a
// path: a file, a link, a folder, or nothing. What is wanted at each path is
// compared with what stands there and with what the last [Generation] left
// there; the differences are [Change]s. A [Store] carries them out: it writes a
// journal first, each change can be done and undone again and again, and a
// journal that is found later tells a next start what to finish or to undo.
// Each transaction that held is a numbered generation, to which one can go
// back.
package system
