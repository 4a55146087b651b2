package main

import (
	"os"

	"github.com/alecthomas/kong"
	"github.com/posener/complete"
	"github.com/willabides/kongplete"
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
	kongplete.Complete(parser,
		kongplete.WithPredictor("dir", complete.PredictDirs("*")),
		kongplete.WithPredictor("file", complete.PredictFiles("*")))
}
