package express

import (
	"strings"
	"testing"
)

func TestSocketPrefixMayFillThePath(t *testing.T) {
	t.Parallel()
	longest := strings.Repeat("p", socketLimit-len(".4194304.u33.1.sock"))
	if err := checkSocketPrefix(longest, 33, 1); err != nil {
		t.Errorf("%d bytes: %v", len(longest), err)
	}
	for _, test := range []struct {
		prefix      string
		uid, groups int
	}{{longest + "p", 33, 1}, {longest, 333, 1}, {longest, 33, 10}} {
		err := checkSocketPrefix(test.prefix, test.uid, test.groups)
		if err == nil || !strings.Contains(err.Error(), "too long for a socket by 1 bytes") {
			t.Errorf("%+v: error %v, want one byte too many", test, err)
		}
	}
}
