package audit

// Category is what a rule is about. Selections take it in the place of an id, so
// that no rule has its name.
type Category string

// The categories.
const (
	CategoryMode     Category = "mode"     // where an application runs, and how a request gets there: daemon or embedded, groups, interpreters, aliases
	CategoryTimeouts Category = "timeouts" // how long something may take, and how much there may be of it
	CategoryLocale   Category = "locale"   // what Python starts with: locale, home, paths
	CategoryAccess   Category = "access"   // who may get what: Require, handlers, files
	CategorySecurity Category = "security" // what strangers, or other accounts, can do
	CategoryUpgrade  Category = "upgrade"  // what the httpd and mod_wsgi that read the text refuse, no longer know, or do wrong
	CategoryDeploy   Category = "deploy"   // what makes requests wait or fail when new code goes live
	CategoryStyle    Category = "style"    // what does nothing, or makes a server harder to look after
)

// unreleased is the Since of rules that no release of wsgictl has yet: the
// heading of the changelog that they stand under.
const unreleased = "unreleased"
