package main

import (
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/posener/complete"
	"github.com/willabides/kongplete"

	"github.com/wsgictl/wsgictl/express"
)

// completionCommand prints the lines that switch completion on in the shell of
// the caller.
type completionCommand struct {
	kongplete.InstallCompletions
}

// Help is the long form of the command's help.
func (completionCommand) Help() string {
	return `The lines are for the shell that you log in with: bash, zsh or fish. The words
themselves come from wsgictl whenever you press the tab key.

Example:
  wsgictl completion >> ~/.bashrc`
}

// completeWords answers a shell that asks for the words that can follow; it
// ends the process then, and does nothing otherwise.
func completeWords(parser *kong.Kong) {
	if os.Getenv("COMP_LINE") == "" {
		return
	}
	files, dirs := complete.PredictFiles("*"), complete.PredictDirs("*")
	command, err := kongplete.Command(parser, kongplete.WithPredictor("dir", dirs), kongplete.WithPredictor("file", files))
	if err != nil {
		panic(err) // a mistake in the command structs
	}
	// Their options are not kong's.
	for _, verb := range []string{"setup-server", "start-server"} {
		command.Sub[verb] = complete.Command{Flags: expressFlags(), Args: files}
	}
	completion := complete.New(parser.Model.Name, command)
	completion.Out = parser.Stdout
	if completion.Complete() {
		parser.Exit(exitFine)
	}
}

// expressFlags are the options of setup-server and start-server.
func expressFlags() complete.Flags {
	flags := complete.Flags{"--help": complete.PredictNothing}
	for _, option := range express.Table() {
		if !option.Hidden {
			flags["--"+option.Name] = valuesOf(option)
		}
	}
	return flags
}

// valuesOf predicts the values of an option by the words that stand for them in
// its help: DIR, FILE, or a choice such as OFF|ON|AUTO.
func valuesOf(option express.Option) complete.Predictor {
	if option.Arity() == 0 {
		return complete.PredictNothing
	}
	choices := strings.Split(option.Values[len(option.Values)-1], "|")
	switch {
	case slices.Contains(choices, "FILE"):
		return complete.PredictFiles("*")
	case slices.Contains(choices, "DIR"):
		return complete.PredictDirs("*")
	case len(choices) > 1:
		return complete.PredictSet(choices...)
	}
	return complete.PredictAnything
}
