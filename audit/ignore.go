package audit

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

// ignoreComment is a comment that hides findings of the line below it, or of
// the whole section that the line opens.
var ignoreComment = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^#\s*wsgictl:\s*ignore\s+([A-Za-z0-9-]+(?:\s*,\s*[A-Za-z0-9-]+)*)(?:\s+because\s+(\S.*))?\s*$`)
})

// comment is one rule named in one such comment.
type comment struct {
	rule        string
	pos, end    conf.Pos
	file        *conf.File
	line        conf.Node
	start, stop int // the bytes that it is for
	used        bool
}

// applyComments takes out the findings that comments hide, and adds one for
// each comment that hides nothing.
func applyComments(v *wsgi.View, findings []*Finding, settings Settings) (kept []*Finding, hidden int) {
	byFile := map[string][]*comment{}
	files := filesOf(v.Renderings())
	for _, file := range files {
		if found := readComments(file); found != nil {
			byFile[file.Name] = found
		}
	}
	kept = make([]*Finding, 0, len(findings))
	for _, f := range findings {
		if isHidden(f, byFile[f.Pos.File]) {
			hidden++
		} else {
			kept = append(kept, f)
		}
	}
	if !settings.selects(unusedIgnore) {
		return kept, hidden
	}
	for _, file := range files {
		for _, c := range byFile[file.Name] {
			if f := c.complaint(settings); f != nil {
				kept = append(kept, f)
			}
		}
	}
	return sortFindings(kept), hidden
}

func isHidden(f *Finding, comments []*comment) bool {
	hidden := false
	for _, c := range comments {
		if c.start <= f.Pos.Offset && f.Pos.Offset < c.stop && f.Rule.isCalled(c.rule) {
			c.used, hidden = true, true
		}
	}
	return hidden
}

// readComments finds the comments of a file.
func readComments(file *conf.File) []*comment {
	if !strings.Contains(file.Source, "wsgictl:") {
		return nil
	}
	var found, open []*comment
	for node := range conf.Parse(file.Name, file.Source).Nodes() {
		switch node.Kind() {
		case conf.CommentLine:
			named := commentsOf(node, file)
			found, open = append(found, named...), append(open, named...)
		case conf.DirectiveLine, conf.OpenLine:
			for _, c := range open {
				c.start, c.stop = node.Span().Start, node.Span().End
				if last, ok := node.Match(); ok {
					c.stop = last.Span().End
				}
			}
			open = nil
		}
	}
	return found
}

// commentsOf are the rules that one comment line names.
func commentsOf(node conf.Node, file *conf.File) []*comment {
	at := ignoreComment().FindStringSubmatchIndex(node.Logical())
	if at == nil {
		return nil
	}
	var found []*comment
	rest, column := node.Logical()[at[2]:at[3]], at[2]
	for name := range strings.SplitSeq(rest, ",") {
		c := &comment{rule: strings.TrimSpace(name), pos: node.Pos(), file: file, line: node}
		start := column + len(name) - len(strings.TrimLeft(name, " \t"))
		c.pos.Column, c.pos.Offset = c.pos.Column+start, c.pos.Offset+start
		c.end = c.pos
		c.end.Column, c.end.Offset = c.end.Column+len(c.rule), c.end.Offset+len(c.rule)
		found = append(found, c)
		column += len(name) + len(",")
	}
	return found
}

// complaint is the finding about a comment that hides nothing. A rule that the
// settings leave out could not be found, so that nothing is said of it.
func (c *comment) complaint(settings Settings) *Finding {
	if c.used {
		return nil
	}
	message := fmt.Sprintf("nothing here breaks %s", c.rule)
	switch rule, err := FindRule(c.rule); {
	case err != nil:
		message = fmt.Sprintf("there is no rule %s", c.rule)
	case !settings.selects(rule):
		return nil
	}
	f := &Finding{
		Rule: unusedIgnore, Severity: unusedIgnore.Severity, Message: message, Help: unusedIgnore.Remedy,
		Pos: c.pos, End: c.end, file: c.file,
	}
	if !strings.Contains(c.line.Logical(), ",") {
		f.Fix = &Fix{Description: "remove the comment", Safe: true, edits: func() []FileEdit {
			return []FileEdit{{c.file, conf.Edit{Span: c.line.Span()}}}
		}}
	}
	return f
}

var unusedIgnore = &Rule{
	ID: "WC003", Name: "unused-ignore", Severity: Warning, Category: CategoryStyle, Since: unreleased,
	Summary: "a comment ignores a rule that nothing breaks there",
	Why:     "The comment would hide the next real finding at that place, and tells the reader of a problem that is not there.",
	Remedy:  "Remove the comment, or put it on the line before the directive or section that it is for.",
	Link:    "https://github.com/wsgictl/wsgictl/blob/main/docs/audit.md#ignoring",
	Bad: `
WSGIRestrictEmbedded On
# wsgictl: ignore WC107 because this was needed once
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIRestrictEmbedded On
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
}
