package conf

import "testing"

func TestAccountsAreKnownWhereFilesAloneTellThem(t *testing.T) {
	t.Parallel()
	const passwd = "root:x:0:0::/root:/bin/sh\nwww:x:33:33::/:/bin/false\n"
	for services, want := range map[string]bool{
		"":                              true, // the default of a system without the file
		"passwd: files":                 true,
		"passwd:\tfiles systemd # more": true,
		"passwd: files [NOTFOUND=return] systemd": true,
		"passwd: compat":                   true,
		"# passwd: sss\ngroup: sss":        true,
		"passwd: sss files":                false,
		"group: files\npasswd: files ldap": false,
		"passwd: altfiles files":           false,
	} {
		if got := onlyFiles(services, "passwd", passwd); got != want {
			t.Errorf("%q: files alone tell accounts: %v, want %v", services, got, want)
		}
	}
	if onlyFiles("passwd: compat", "passwd", passwd+"+::::::\n") {
		t.Error("a file that lets NIS add accounts is taken for all of them")
	}
}
