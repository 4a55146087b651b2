package audit

import (
	"fmt"
	"io"
	"strings"
)

// WriteGitHub writes a result as workflow commands of GitHub Actions, which
// shows them beside the lines. Relative gives the path that a file has in the
// repository.
func WriteGitHub(w io.Writer, result Result, relative func(string) string) error {
	for _, f := range result.Findings {
		_, err := fmt.Fprintf(w, "::%s file=%s,line=%d,endLine=%d,col=%d,endColumn=%d,title=%s::%s\n",
			githubLevels[f.Severity], escapeProperty(relative(f.Pos.File)), f.Pos.Line, f.End.Line, f.Pos.Column, f.End.Column,
			escapeProperty(f.Rule.ID+" "+f.Rule.Name), escapeData(f.Message+"\n"+f.Help))
		if err != nil {
			return err
		}
	}
	return nil
}

var githubLevels = map[Severity]string{Info: "notice", Warning: "warning", Error: "error"}

func escapeData(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

func escapeProperty(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(text)
}
