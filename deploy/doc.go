// Package deploy puts new releases of a site's code live, so that no request fails or
// waits, and takes them back when they do not work.
//
// A release is a folder with code and a virtualenv of its own, releases/ID; current is a
// link to the one that is served. A [Deploy] makes a release beside the others, as the
// account that they belong to, tries whether it loads, and only then has the link lead
// there and package roll replace the processes. The switch is a transaction of package
// store: where it does not hold, the link leads back, and what had loaded the new
// release is replaced.
//
//	site, err := deploy.SiteOf(declared.File, "shop", deciders)
//	result, err := deploy.Deploy{Site: site, Server: find, Tell: tell}.Release(ctx, source)
package deploy
