package detect

import "fmt"

// LabelFolder is the command line by which SELinux lets programs use a folder, and
// all below it, as files of a type, such as httpd_sys_content_t.
func LabelFolder(kind, folder string) string {
	return fileContext(kind, folder+"(/.*)?") + " && " + restoreLabels(folder)
}

// fileContext notes the type of the paths that fit an expression: the last that fits
// counts (semanage-fcontext(8)).
func fileContext(kind, pattern string) string {
	return fmt.Sprintf("semanage fcontext -a -t %s %s", kind, ShellArgument(pattern))
}

// restoreLabels gives a folder, and all below it, the types that are noted.
func restoreLabels(folder string) string { return "restorecon -R " + ShellArgument(folder) }
