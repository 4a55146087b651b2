// Package trust answers who can change a file, and does for an account what
// belongs to that account.
//
// Root is asked to work on what others own. Three rules hold for all of it:
//
//   - What decides, such as a setting, a program, an archive or code, comes from
//     files that root alone can change. [Trustees] look at each folder, link and
//     file on the way, on open descriptors, and give the file that was looked at.
//   - What somebody else owns is worked on as that account: [Ask] and [Run] start
//     one child of this program that has given up root for good.
//   - What is read of others is harmless: [ReadFile] reads regular files only,
//     and no more than a limit.
//
// A caller who is not root works as himself on what he was let into; nothing is
// checked there and no child is started.
//
//	text, err := trust.Deciders().ReadFile("/etc/pip.conf", 1<<20)
package trust
