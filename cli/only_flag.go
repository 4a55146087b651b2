package cli

// onlyFlag restricts a command to some sites of a declaration.
type onlyFlag struct {
	Only []string `sep:"none" placeholder:"SITE" help:"Change only this site of the declaration, with its daemon process group, and leave its others as they are; may be given again."`
}
