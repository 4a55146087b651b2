// Package conf reads and writes Apache configuration as text, as a
// lossless tree, and as the effective configuration that a running server
// would use.
//
// It knows Apache's syntax and nothing of WSGI; it has no opinion on what it
// reads. It follows the source of httpd 2.4; comments name the functions there.
// Where releases differ, [Options].Version decides, and what differs is unknown
// without it.
//
// # Text
//
// [Quote], [Word] and [Words] write and read single arguments.
//
// # Tree
//
// [Parse] turns one file into a [Tree]: its lines as nodes, each byte in
// exactly one, whatever the file holds. An [Edit] of the tree changes its own
// bytes and no others.
//
// # Effective configuration
//
// [Read] turns a file, and all that it includes, into a [Config], as httpd
// does while it reads:
//
//	File → lines (joined, trimmed) → variables replaced
//	     → Include, Define, LoadModule, If…, Macro, Use: carried out at once
//	     → all else: Directive, with its Source, Parent and place
//
// Each [Directive] knows its file, line and column, and by [Source.Chain] the
// includes and macro uses that brought it. What cannot be known from the text,
// such as whether a module is loaded in a file that is only a part of a
// server's configuration, is [expr.Unknown]: such directives are there, and
// [Directive.Unknown] says why they may not be in effect.
//
// # Bounds
//
// The text may be anybody's. [Read] takes time and memory in proportion to it,
// whatever macros, variables and includes make of it, up to limits that are far
// beyond real servers (budget.go); beyond them it is a [Diagnostic], and what
// follows is not read. Files that are no regular ones are not opened.
//
// # Scopes
//
// [Config.Servers] are the main server and the virtual hosts, and
// [Config.ServerFor] finds the one that answers a name on a port.
// [Server.SectionLayers] are the sets of directives that apply to a [Request], in
// the order in which httpd merges them: those for places, and then those with
// conditions, which the caller decides by the variables of the request. How they
// add up is for the caller to say too, since it differs from module to module:
// the last one counts, or all of them, or the last one of each first argument.
//
//	Config → Server → Layers for places → Conditions → Layers that hold
//
// What is wrong with the text is a [Diagnostic], never a Go error.
package conf
