package monitor

import "testing"

func TestOtherHostsNeedAToken(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"127.0.0.1:8888": false, "127.8.8.8:1": false, "[::1]:8888": false, "localhost:8888": false,
		":8888": true, "0.0.0.0:8888": true, "[::]:8888": true, "192.0.2.1:8888": true, "monitor.example.org:8888": true, "localhost.example.org:1": true,
	} {
		if needs, err := NeedsToken(address); err != nil || needs != want {
			t.Errorf("%s: %v, %v, want %v", address, needs, err, want)
		}
	}
	for _, address := range []string{"127.0.0.1", "", "::1"} {
		if _, err := NeedsToken(address); err == nil {
			t.Errorf("%q was taken for HOST:PORT", address)
		}
	}
}
