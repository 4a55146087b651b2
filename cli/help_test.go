package cli

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

func TestEveryCommandHelpsWithAnExample(t *testing.T) {
	t.Parallel()
	parser, err := kong.New(&commandLine{Render: newRenderCommand()}, kong.ExplicitGroups(groups), pairFlags)
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range parser.Model.Leaves(true) {
		if command.Help == "" {
			t.Errorf("%s: no one-line help", command.FullPath())
		}
		if !strings.Contains(command.Detail, "Example") || !strings.Contains(command.Detail, "  wsgictl ") {
			t.Errorf("%s: no example in its help", command.FullPath())
		}
	}
	for _, command := range parser.Model.Children {
		if command.Group == nil {
			t.Errorf("%s: stands in no group of the command list", command.Name)
		}
	}
}
