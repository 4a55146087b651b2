package installed

import "cmp"

// LogDirectory is the folder in which the family's Apache writes its logs.
func (a Apache) LogDirectory() string {
	return Below(a.ServerRoot, cmp.Or(platformOf(a.Layout).logs, "logs"))
}
