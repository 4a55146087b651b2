package intent

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// AddToSite gives the text of a wsgictl.toml with further lines in the table of a
// site, below its other keys. All else stays as it is, comments too. A site that
// is not declared by a table of its own, or that has one of the keys already, is
// an error.
func AddToSite(file, text, site string, lines []string) (string, error) {
	end, err := endOfTable(text, "site", site)
	if err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	all := strings.SplitAfter(text, "\n")
	if !strings.HasSuffix(all[end-1], "\n") {
		all[end-1] += "\n"
	}
	ending := "\n"
	if strings.HasSuffix(all[end-1], "\r\n") {
		ending = "\r\n"
	}
	for i, line := range lines {
		all = slices.Insert(all, end+i, line+ending)
	}
	added := strings.Join(all, "")
	if _, err := Parse(file, []byte(added)); err != nil {
		return "", err
	}
	return added, nil
}

// endOfTable is the line that the last key of a table stands on, or ends on,
// counted from 1; that of its header where it has none.
func endOfTable(text string, name ...string) (int, error) {
	var parser unstable.Parser
	parser.Reset([]byte(text))
	var table []string
	end := 0
	for parser.NextExpression() {
		expression := parser.Expression()
		if expression.Kind != unstable.Table && expression.Kind != unstable.KeyValue {
			continue
		}
		var parts []string
		for words := expression.Key(); words.Next(); {
			parts = append(parts, string(words.Node().Data))
		}
		if expression.Kind == unstable.Table {
			table = parts
		}
		if slices.Equal(table, name) {
			end = parser.Shape(expression.Raw).End.Line
		}
	}
	if err := parser.Error(); err != nil {
		return 0, err
	}
	if end == 0 {
		return 0, fmt.Errorf("the site %s has no table [%s]", name[len(name)-1], strings.Join(name, "."))
	}
	return end, nil
}
