package needtest

import "testing"

// A recorder notes how a test is given up.
type recorder struct {
	testing.TB
	how string
}

func (r *recorder) Helper()               {}
func (r *recorder) Fatalf(string, ...any) { r.how = "fails"; panic(r) }
func (r *recorder) Skipf(string, ...any)  { r.how = "passed over"; panic(r) }

func TestWhatIsMissingFailsWhereAllMustRun(t *testing.T) {
	for required, want := range map[string]string{"": "passed over", "1": "fails"} {
		t.Setenv("WSGICTL_REQUIRE_HTTPD", required)
		r := &recorder{TB: t}
		func() {
			defer func() { _ = recover() }()
			Missing(r, "no curl")
		}()
		if r.how != want {
			t.Errorf("required %q: %s, want %s", required, r.how, want)
		}
	}
}
