package detect

import (
	"os"
	"testing"

	"github.com/wsgictl/wsgictl/trust"
)

func TestMain(m *testing.M) {
	trust.Become()
	os.Exit(m.Run())
}
