package express

import "testing"

func TestSendsOnlyFilesOfLocalFileSystems(t *testing.T) {
	t.Parallel()
	list := parseMounts(`21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 21 0:40 / /srv/shared rw - nfs4 server:/shared rw
31 30 0:41 / /srv/shared/fast rw shared:2 master:3 - xfs /dev/sdb rw
32 21 0:42 / /home/a\040b rw - virtiofs host rw
33 21 0:43 / /data rw - nfs4 server:/data rw
34 21 0:44 / /data rw - ext4 /dev/sdc rw
not a line of it
`)
	for _, test := range []struct {
		folder string
		want   bool
	}{
		{"/nowhere/static", true},
		{"/srv/shared", false},
		{"/srv/shared/x", false},
		{"/srv/shared/fast/x", true},
		{"/srv/sharedness", true},
		{"/srv", false}, // a part of it is elsewhere
		{"/home/a b/static", false},
		{"/data/x", true}, // the first one there is hidden
	} {
		if got := allLocal(list, test.folder); got != test.want {
			t.Errorf("%s: %v, want %v", test.folder, got, test.want)
		}
	}
	if allLocal(nil, "/") {
		t.Error("local, although nothing is known")
	}
}
