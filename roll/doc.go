// Package roll replaces the processes of daemon process groups one after the other, so
// that no request waits for an application that is being loaded.
//
// mod_wsgi ends a process that gets SIGUSR1 once its requests are done, and Apache
// starts another one in its place. The next one is only told to end when that one has
// loaded its applications, which the file of package ready tells. The first that does not
// come up stops it all: what is left serves on with what it has loaded.
//
//	for _, group := range roll.Groups(view) {
//		err := roll.Roll{Server: apache, Group: group, Limit: time.Minute}.Run(ctx)
//		...
//	}
package roll
