package httpdtest

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// Random gives a source of random numbers, the same each time, so that no change
// fails by chance; WSGICTL_SOAK takes another one each time, which a failed test
// prints, and WSGICTL_SEED repeats it.
func Random(t *testing.T) *rand.Rand {
	t.Helper()
	number := uint64(1)
	if os.Getenv("WSGICTL_SOAK") != "" {
		number = uint64(time.Now().UnixNano())
	}
	if text := os.Getenv("WSGICTL_SEED"); text != "" {
		var err error
		if number, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("again with WSGICTL_SEED=%d", number)
		}
	})
	return rand.New(rand.NewPCG(number, 1))
}

// Rounds is how many generated cases a test runs: few, or what WSGICTL_SOAK
// asks for.
func Rounds(t *testing.T, few int) int {
	t.Helper()
	text := os.Getenv("WSGICTL_SOAK")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("WSGICTL_SOAK: %v", err)
	}
	return n
}
