package main

import (
	"os"
	"testing"

	"github.com/wsgictl/wsgictl/trust"
)

func TestMain(m *testing.M) {
	trust.Become() // for what these tests do as another account
	code := m.Run()
	_ = os.RemoveAll(commandFolder)
	os.Exit(code)
}
