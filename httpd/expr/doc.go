// Package expr reads Apache's expressions and patterns, and tells what holds:
// what is true, false, or not known.
//
// [Parse] reads the expression of an <If> or a RewriteCond, and
// [Expression.Decide] evaluates it. What it says about a request, a server and
// its files it asks of the [Variables] of the caller, and any of them may be
// unknown:
//
//	text → Expression → Decide(Variables) → Truth, Reason, Groups
//
// A [Reason] is a value, with a kind and what it is about: here [Beyond], and in the
// packages above what they do not know. Its sentence is for people alone.
//
// [Regexps] compiles the regular expressions of a configuration, [MatchGlob]
// matches the patterns with "*", and [LiteralIndex] finds those of many that may
// match a text.
//
// The text may be anybody's: how deep it goes, how long the texts in it become
// and how large its regular expressions are is limited.
package expr
