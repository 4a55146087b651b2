package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/alecthomas/kong"
	"github.com/posener/complete"
	"github.com/willabides/kongplete"

	"github.com/wsgictl/wsgictl/express"
)

type completionCommand struct {
	Shell string `arg:"" optional:"" help:"bash, zsh or fish (default: the one that SHELL names)."`
}

// Help is the long form of the command's help.
func (completionCommand) Help() string {
	return `Prints the lines that make a shell complete wsgictl's words. The words themselves
come from wsgictl whenever you press the tab key.

Example:
  wsgictl completion bash >> ~/.bashrc
  wsgictl completion zsh >> ~/.zshrc
  wsgictl completion fish > ~/.config/fish/completions/wsgictl.fish`
}

// completionLines make a shell ask a program, %s, for the words.
var completionLines = map[string]string{
	"bash": "complete -C %s wsgictl\n",
	"zsh": `autoload -Uz compinit bashcompinit
(( $+functions[compdef] )) || compinit
bashcompinit
complete -C %s wsgictl
`,
	"fish": `function __wsgictl_words
    set -lx COMP_LINE (commandline -cp)
    test -z (commandline -ct); and set COMP_LINE "$COMP_LINE "
    %s
end
complete -f -c wsgictl -a "(__wsgictl_words)"
`,
}

func (c completionCommand) Run(s *streams) error {
	shell := c.Shell
	if shell == "" {
		shell = filepath.Base(os.Getenv("SHELL"))
	}
	lines, known := completionLines[shell]
	if !known {
		return usageError{fmt.Errorf("completion for the shell %q: want bash, zsh or fish", shell)}
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find wsgictl's own path: %w", err)
	}
	_, err = fmt.Fprintf(s.data, lines, program)
	return err
}

// completeWords answers a shell that asks for the words that can follow; it
// exits then, and does nothing otherwise.
func completeWords(parser *kong.Kong) {
	if os.Getenv("COMP_LINE") == "" {
		return
	}
	command, err := kongplete.Command(parser)
	if err != nil {
		panic(err) // a mistake in the command structs
	}
	completePaths(parser.Model.Node, command)
	// Their options are not kong's.
	for _, verb := range []string{"setup-server", "start-server"} {
		command.Sub[verb] = complete.Command{Flags: expressFlags(), Args: predictNames(complete.PredictFiles("*"))}
	}
	completion := complete.New(parser.Model.Name, command)
	completion.Out = parser.Stdout
	if completion.Complete() {
		parser.Exit(exitFine)
	}
}

// completePaths completes the flags and arguments of a command, and of those
// below it, that are paths by what their help calls them.
func completePaths(node *kong.Node, command complete.Command) {
	for _, flag := range node.Flags {
		if paths := predictPaths(flag.PlaceHolder); paths != nil && !flag.Hidden {
			command.GlobalFlags["--"+flag.Name] = paths
		}
	}
	for _, child := range node.Children {
		below, shown := command.Sub[child.Name]
		if !shown {
			continue
		}
		if len(child.Positional) == 1 && slices.Contains([]string{"path", "subject"}, child.Positional[0].Name) {
			below.Args = predictNames(complete.PredictFiles("*"))
			command.Sub[child.Name] = below
		}
		completePaths(child, below)
	}
}

// predictPaths completes a value that its help calls DIR, FILE or PATH, or one
// of these and something else; nil is for any other value.
func predictPaths(placeholder string) complete.Predictor {
	words := strings.Split(placeholder, "|")
	switch {
	case slices.Contains(words, "FILE"), slices.Contains(words, "PATH"):
		return predictNames(complete.PredictFiles("*"))
	case slices.Contains(words, "DIR"):
		return predictNames(complete.PredictDirs("*"))
	}
	return nil
}

// predictNames leaves out names that mean more than themselves on a command line:
// shells insert a word as it is, and "$(reboot).toml" in a folder of somebody
// else's would be run with the line.
func predictNames(paths complete.Predictor) complete.Predictor {
	return complete.PredictFunc(func(args complete.Args) []string {
		return slices.DeleteFunc(paths.Predict(args), func(name string) bool {
			return strings.HasPrefix(name, "-") || strings.ContainsFunc(name, meansMore)
		})
	})
}

func meansMore(char rune) bool {
	return unicode.IsControl(char) || unicode.IsSpace(char) || strings.ContainsRune("$`\\\"'&;|<>(){}[]*?!#^", char)
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
	value := option.Values[len(option.Values)-1]
	if paths := predictPaths(value); paths != nil {
		return paths
	}
	if choices := strings.Split(value, "|"); len(choices) > 1 {
		return complete.PredictSet(choices...)
	}
	return complete.PredictAnything
}
