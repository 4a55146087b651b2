package deploy

import (
	"fmt"
	"os"
	"testing"

	"github.com/wsgictl/wsgictl/trust"
)

func TestMain(m *testing.M) {
	trust.Become() // in a child that works as another account
	Become()
	if os.Getenv("DEPLOY_TEST_TOML") != "" {
		if err := deployInProcess(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}
