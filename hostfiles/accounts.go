package hostfiles

import "github.com/wsgictl/wsgictl/trust"

// Account looks a user up by name, or by number as in "#33". False when the
// files do not know it: another name service may.
func (r Root) Account(name string) (trust.Account, bool) { return r.Accounts().Lookup(name) }

// Accounts are those that the files of accounts name.
func (r Root) Accounts() trust.Accounts {
	if r.IsHere() {
		return trust.HostAccounts()
	}
	passwd, _ := r.ReadLarge("/etc/passwd")
	group, _ := r.ReadLarge("/etc/group")
	return trust.NewAccounts(passwd, group)
}
