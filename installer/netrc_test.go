package installer

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/needtest"
)

func TestNetrcLogin(t *testing.T) {
	t.Parallel()
	text := `# machine c.example login commented password out
machine a.example login alice password pa
macdef init
machine b.example login macro password no

machine b.example
  account unused
  login bob
  password pb
default login anyone password pd
`
	for host, want := range map[string][2]string{
		"a.example": {"alice", "pa"}, "b.example": {"bob", "pb"}, "c.example": {"anyone", "pd"},
	} {
		user, password, ok := netrcLogin(text, host)
		if diff := cmp.Diff(want, [2]string{user, password}); diff != "" || !ok {
			t.Errorf("%s: %v %s", host, ok, diff)
		}
	}
	if _, _, ok := netrcLogin("machine a.example login alice password pa", "b.example"); ok {
		t.Error("a login for a host that is not there")
	}
}

func TestNetrcIsFoundInItsPlaces(t *testing.T) {
	t.Parallel()
	line := func(user string) string { return "machine a.example login " + user + " password p\n" }
	for name, test := range map[string]struct {
		files, variables map[string]string
		want             string
	}{
		"home":  {map[string]string{"home/.netrc": line("dot"), "home/_netrc": line("under")}, nil, "dot"},
		"_":     {map[string]string{"home/_netrc": line("under")}, nil, "under"},
		"NETRC": {map[string]string{"home/.netrc": line("dot"), "n": line("named")}, map[string]string{"NETRC": "$root/n"}, "named"},
		"none":  {nil, nil, ""},
	} {
		user, _, _ := madeUp(t, test.files, test.variables).netrc("a.example")
		if user != test.want {
			t.Errorf("%s: login %q, want %q", name, user, test.want)
		}
	}
}

// Under sudo, ~ may be the caller's. His logins are not root's.
func TestRootReadsNoNetrcOfOthers(t *testing.T) {
	needtest.Root(t)
	t.Parallel()
	s := madeUp(t, map[string]string{"home/.netrc": "machine a.example login eve password p\n"}, nil)
	if err := os.Chown(s.at("/home/.netrc"), 4711, 4711); err != nil {
		t.Fatal(err)
	}
	if user, _, ok := s.netrc("a.example"); ok {
		t.Error("login", user)
	}
}
