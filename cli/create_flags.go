package cli

// createFlags say what of the host may be made beside files.
type createFlags struct {
	CreateUser bool `help:"Create the accounts that daemon process groups run as and that are not there."`
}
