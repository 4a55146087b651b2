package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/wsgictl/wsgictl/audit"
)

// WriteGitHub writes a result as workflow commands of GitHub Actions, which
// shows them beside the lines. Relative gives the path that a file has in the
// repository.
func WriteGitHub(w io.Writer, result audit.Result, relative func(string) string) error {
	out := bufio.NewWriter(w)
	for _, f := range result.Findings {
		fmt.Fprintf(out, "::%s file=%s,line=%d,endLine=%d,col=%d,endColumn=%d,title=%s::%s\n",
			githubLevels[f.Severity], escapeProperty(relative(f.Pos.File)), f.Pos.Line, f.End.Line, f.Pos.Column, f.End.Column,
			escapeProperty(f.Rule.ID+" "+f.Rule.Name), escapeData(f.Message+"\n"+f.Help))
	}
	return out.Flush()
}

var githubLevels = map[audit.Severity]string{audit.Info: "notice", audit.Warning: "warning", audit.Error: "error"}

var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func escapeData(text string) string { return dataEscapes.Replace(text) }

func escapeProperty(text string) string { return propertyEscapes.Replace(text) }
