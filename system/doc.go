// Package system changes the system's Apache as one transaction: what is
// declared is planned, applied, verified and, if anything fails, undone.
//
// What is wanted at each path is compared with what stands there and with what
// the last [Generation] left there; the differences are changes, which package
// store carries out. Each transaction that held is a numbered generation of the
// [History], to which one can go back. What a command makes for a change beside
// files, such as an account, the history has as an [Undo] until the change holds.
package system
