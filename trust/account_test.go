package trust

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

var someAccounts = NewAccounts(
	"root:x:0:0::/root:/bin/sh\nbroken\nwww-data:x:33:34::/var/www:/bin/false\nme:x:1000:1000::/home/me:/bin/sh\n",
	"root:x:0:\nwww-data:x:34:\ncerts:x:50:mail,www-data\nother:x:51:not-www-data\nempty:x:52:\n",
)

func TestAccountsFromPasswdAndGroup(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"www-data", "#33"} {
		got, ok := someAccounts.Lookup(name)
		if diff := cmp.Diff(Account{Name: "www-data", UID: 33, Groups: []int{34, 50}, Home: "/var/www"}, got); !ok || diff != "" {
			t.Errorf("%s: %v %s", name, ok, diff)
		}
	}
	for _, name := range []string{"nobody", "", "#34"} {
		if _, ok := someAccounts.Lookup(name); ok {
			t.Errorf("found an account %q that is not there", name)
		}
	}
	if diff := cmp.Diff(Account{UID: 42, Groups: []int{nobodysGroup}}, someAccounts.ByUID(42)); diff != "" {
		t.Errorf("an account that no file knows gets a group of somebody's: %s", diff)
	}
}

func TestMembersOfAGroup(t *testing.T) {
	t.Parallel()
	for gid, want := range map[int][]int{0: {0}, 34: {33}, 50: {33}, 52: nil, 1000: {1000}} {
		got, known := someAccounts.Members(gid)
		if diff := cmp.Diff(want, got); !known || diff != "" {
			t.Errorf("group %d: known %v, %s", gid, known, diff)
		}
	}
	if _, known := someAccounts.Members(999); known {
		t.Error("a group that no file has is known")
	}
}

func TestBitsOfAnAccessList(t *testing.T) {
	t.Parallel()
	list := AccessList{
		{aclOwner, 7, -1}, {aclUser, 5, 54321}, {aclUser, 7, 54322}, {aclGroup, 0, -1},
		{aclNamed, 1, 60000}, {aclMask, 5, -1}, {aclOther, 0, -1},
	}
	for _, test := range []struct {
		name string
		who  Account
		want int
	}{
		{"the owner", Account{UID: 1000}, 7},
		{"a named user", Account{UID: 54321}, 5},
		{"a named user below the mask", Account{UID: 54322}, 5},
		{"a named group", Account{UID: 9, Groups: []int{60000}}, 1},
		{"the owning group", Account{UID: 9, Groups: []int{2000}}, 0},
		{"another", Account{UID: 9}, 0},
	} {
		if got, found := list.Bits(test.who, 1000, 2000); !found || got != test.want {
			t.Errorf("%s has %d, want %d", test.name, got, test.want)
		}
	}
	if _, found := parseAccessList(nil).Bits(Account{UID: 9}, 0, 0); found {
		t.Error("no list decides")
	}
}
