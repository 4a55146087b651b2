package audit

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
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

// meantToIgnore is a comment that was meant as one, also where it is written in another
// way.
var meantToIgnore = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^#+\s*wsgictl\s*:?\s*ignore\b`)
})

// comment is one rule named in one such comment.
type comment struct {
	rule        string // empty where the comment is not written as one that ignores
	pos, end    conf.Pos
	file        *conf.File
	line        conf.Node
	start, stop int // the bytes that it is for
	outer       *comment
	used        bool
}

// comments are those of all files of some configurations, which may share files: a
// comment in one that two include is for both.
type comments struct {
	files  []*conf.File
	byFile map[string][]*comment
}

func readComments(views []*wsgi.View) *comments {
	all := &comments{byFile: map[string][]*comment{}}
	for _, v := range views {
		for _, file := range filesOf(v.Renderings()) {
			if !strings.Contains(file.Source, "wsgictl") || all.byFile[file.Name] != nil { // as nearly all
				continue
			}
			all.files = append(all.files, file)
			all.byFile[file.Name] = commentsIn(file)
		}
	}
	return all
}

// hide parts findings into those that are told and those that comments hide.
func (c *comments) hide(findings []*Finding) (kept, hidden []*Finding) {
	kept = make([]*Finding, 0, len(findings))
	for _, f := range findings {
		if isHidden(f, c.byFile[f.Pos.File]) {
			hidden = append(hidden, f)
		} else {
			kept = append(kept, f)
		}
	}
	return kept, hidden
}

// unused are the findings about comments that hid nothing in any of the views.
func (c *comments) unused(views []*wsgi.View, settings Settings) []*Finding {
	if !settings.selects(unusedIgnore) {
		return nil
	}
	isJudged := func(rule *Rule) bool {
		return settings.selects(rule) && !rule.LooksAtHost &&
			slices.ContainsFunc(views, func(v *wsgi.View) bool { return rule.Releases.Knows(v.Release) })
	}
	isWhole := !slices.ContainsFunc(views, func(v *wsgi.View) bool { return !v.Config.Complete })
	var found []*Finding
	for _, file := range c.files {
		for _, comment := range c.byFile[file.Name] {
			if f := comment.complaint(isJudged, isWhole); f != nil {
				found = append(found, f)
			}
		}
	}
	return found
}

// isHidden asks the comments around a finding, from the innermost on.
func isHidden(f *Finding, comments []*comment) bool {
	after := sort.Search(len(comments), func(i int) bool { return comments[i].start > f.Pos.Offset })
	if after == 0 {
		return false
	}
	hidden := false
	for c := comments[after-1]; c != nil; c = c.outer {
		if c.rule != "" && f.Pos.Offset < c.stop && f.Rule.isCalled(c.rule) {
			c.used, hidden = true, true
		}
	}
	return hidden
}

// commentsIn are the comments of a file, in the order of what they are for. One
// that nothing follows is for nothing, at the end.
func commentsIn(file *conf.File) []*comment {
	var found, open []*comment
	var around *comment
	for node := range conf.Parse(file.Name, file.Source).Nodes() {
		switch node.Kind() {
		case conf.CommentLine:
			open = append(open, commentsOf(node, file)...)
		case conf.DirectiveLine, conf.OpenLine:
			for _, c := range open {
				c.start, c.stop = node.Span().Start, node.Span().End
				if last, ok := node.Match(); ok {
					c.stop = last.Span().End
				}
				for around != nil && around.stop <= c.start {
					around = around.outer
				}
				c.outer, around = around, c
			}
			found, open = append(found, open...), nil
		}
	}
	for _, c := range open {
		c.start, c.stop = len(file.Source), len(file.Source)
	}
	return append(found, open...)
}

// commentsOf are the rules that one comment line names.
func commentsOf(node conf.Node, file *conf.File) []*comment {
	at := ignoreComment().FindStringSubmatchIndex(node.Logical())
	switch {
	case at == nil && meantToIgnore().MatchString(node.Logical()):
		c := &comment{pos: node.Pos(), file: file, line: node}
		c.end = c.pos
		c.end.Column, c.end.Offset = c.end.Column+len(node.Logical()), c.end.Offset+len(node.Logical())
		return []*comment{c}
	case at == nil:
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

// complaint is the finding about a comment that hides nothing. A rule that was not
// held against the configuration could not be found, so that nothing is said of
// it. What is wrong here as a part of a server may be wrong in the whole alone:
// then it takes somebody who knows to remove the comment.
func (c *comment) complaint(isJudged func(*Rule) bool, isWhole bool) *Finding {
	switch {
	case c.used:
		return nil
	case c.rule == "":
		return &Finding{
			Rule: unusedIgnore, Severity: unusedIgnore.Severity, Message: "the comment ignores nothing, as it is written",
			Help: "Write it as # wsgictl: ignore WC101, WC102 because …, with ids or names of rules.", Pos: c.pos, End: c.end, file: c.file,
		}
	}
	message := fmt.Sprintf("nothing here breaks %s", c.rule)
	switch rule, err := FindRule(c.rule); {
	case len(RulesOf(c.rule)) > 0:
		message = fmt.Sprintf("%s is a category, and a comment names rules", c.rule)
	case err != nil:
		message = fmt.Sprintf("there is no rule %s", c.rule)
	case !isJudged(rule):
		return nil
	}
	f := &Finding{
		Rule: unusedIgnore, Severity: unusedIgnore.Severity, Message: message, Help: unusedIgnore.Remedy,
		Pos: c.pos, End: c.end, file: c.file,
	}
	if !strings.Contains(c.line.Logical(), ",") {
		f.Fix = &Fix{Description: "remove the comment", Safe: isWhole, edits: func() []FileEdit {
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
