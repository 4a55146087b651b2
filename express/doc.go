// Package express makes a server root, a folder that holds all that one Apache
// needs to serve one Python application, and starts that Apache. It takes the
// options of mod_wsgi-express.
//
// A command line goes through four steps, each of which may refuse and leaves
// nothing behind when it does:
//
//	command, err := express.Parse(args, os.LookupEnv) // words to Options
//	setup, err := express.Plan(ctx, command, caller)   // Options to files, all checked
//	err = setup.Write(ctx)                             // files to disk
//	setup.Compile(ctx)                                 // the Python among them
//	err = setup.Start(ctx)                             // becomes Apache, or waits for it
//
// Plan decides one part of the server after the other: the subject (who serves which
// application, where, and on what software), the layout (its files), the conduct (its
// services, and how long it waits), the module and the daemons. Each part is a value that
// a function makes of the options and of parts before it, which refuses what cannot be;
// the file of a part holds its checks. The plan that they are put together in is what
// files are rendered from.
//
//go:generate go run reference.go ../docs/express.md
package express
