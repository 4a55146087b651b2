package system

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/needtest"
)

// TestCreatedAccountHasAWorkingFolder: a daemon that is declared without home= runs
// in the home of its account, and does not start where there is none.
func TestCreatedAccountHasAWorkingFolder(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	account := NewAccount("wsgictl-t-"+strings.ToLower(rand.Text()[:8]), nil)
	if err := CreateAccount(context.Background(), account); err != nil {
		t.Fatal(err)
	}
	problem := detect.WorkingFolder("", account.Name, "", "root")
	if err := RemoveAccount(context.Background(), account); err != nil {
		t.Error(err)
	}
	if problem != "" {
		t.Error(problem)
	}
}
