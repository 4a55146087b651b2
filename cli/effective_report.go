package cli

import (
	"io"
	"iter"
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/jsonreport"
)

// reportVersion is the version of the JSON that "effective" prints. It rises
// when a field goes away or changes its meaning.
const reportVersion = 1

// effectiveReport is what "effective --format json" prints.
type effectiveReport struct {
	Version     int                `json:"version"`
	Complete    bool               `json:"complete"` // a whole server's configuration
	ServerRoot  string             `json:"server_root"`
	Directives  []directiveReport  `json:"directives"`
	Diagnostics []diagnosticReport `json:"diagnostics"`
}

type directiveReport struct {
	Name      string            `json:"name"`
	Args      string            `json:"args"`
	File      string            `json:"file"`
	Line      int               `json:"line"`
	Column    int               `json:"column"`
	EndLine   int               `json:"end_line"`
	EndColumn int               `json:"end_column"`
	Source    string            `json:"source,omitempty"` // the macro use that brought it, as httpd names it
	Chain     []linkReport      `json:"chain,omitempty"`
	Unknown   []conditionReport `json:"unknown,omitempty"` // conditions that are not decided, the inner one first
	Children  []directiveReport `json:"children,omitempty"`
}

// linkReport is an Include or Use on the way to a directive.
type linkReport struct {
	Directive string `json:"directive"`
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
}

type conditionReport struct {
	Section string `json:"section"`
	Reason  string `json:"reason"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
}

type diagnosticReport struct {
	Severity  string       `json:"severity"`
	Message   string       `json:"message"`
	File      string       `json:"file"`
	Line      int          `json:"line"`
	Column    int          `json:"column"`
	HTTPDLine int          `json:"httpd_line,omitempty"` // the line that httpd names
	Excerpt   string       `json:"excerpt"`
	Advice    string       `json:"advice,omitempty"` // what to do, where that is known
	Chain     []linkReport `json:"chain,omitempty"`
}

// diagnostics are those of a configuration, after the note about one that is of
// another host.
func diagnostics(config *conf.Config) []conf.Diagnostic {
	if !config.IsOfAnotherHost() {
		return config.Diagnostics
	}
	return slices.Concat([]conf.Diagnostic{config.AnotherHost()}, config.Diagnostics)
}

// writeEffectiveReport writes one directive after another: all of them as JSON
// are ten times as long as the configuration.
func writeEffectiveReport(out io.Writer, config *conf.Config) error {
	return jsonreport.WriteList(out, newEffectiveReport(config), "directives", config.Directives(), reportDirective)
}

// newEffectiveReport is the report without its directives.
func newEffectiveReport(config *conf.Config) effectiveReport {
	report := effectiveReport{
		Version: reportVersion, Complete: config.Complete, ServerRoot: config.ServerRoot,
		Directives: []directiveReport{}, Diagnostics: []diagnosticReport{},
	}
	for _, d := range diagnostics(config) {
		report.Diagnostics = append(report.Diagnostics, diagnosticReport{
			Severity: d.Severity.String(), Message: d.Message, File: d.Pos.File, Line: d.Pos.Line, Column: d.Pos.Column,
			HTTPDLine: d.HTTPDLine, Excerpt: d.Excerpt, Advice: d.Advice, Chain: reportChain(d.Source),
		})
	}
	return report
}

func reportDirectives(directives iter.Seq[*conf.Directive]) iter.Seq[directiveReport] {
	return func(yield func(directiveReport) bool) {
		for d := range directives {
			if !yield(reportDirective(d)) {
				return
			}
		}
	}
}

func reportDirective(d *conf.Directive) directiveReport {
	pos, end := d.Pos(), d.End()
	report := directiveReport{
		Name: d.Name, Args: conf.Written(d.Args), File: pos.File, Line: pos.Line, Column: pos.Column,
		EndLine: end.Line, EndColumn: end.Column,
		Chain: reportChain(d.Source), Children: slices.Collect(reportDirectives(d.Children())),
	}
	if d.Source.Macro != "" {
		report.Source = d.Source.Name
	}
	for u := d.Unknown; u != nil; u = u.Outer {
		report.Unknown = append(report.Unknown, conditionReport{u.Section, u.Reason.String(), u.Pos.File, u.Pos.Line, u.Pos.Column})
	}
	return report
}

func reportChain(source *conf.Source) []linkReport {
	var links []linkReport
	if source == nil {
		return nil
	}
	for _, link := range source.Chain() {
		links = append(links, linkReport{link.Directive, link.Pos.File, link.Pos.Line, link.Pos.Column})
	}
	return links
}

// includesReport is what "effective --files --format json" prints.
type includesReport struct {
	Version int          `json:"version"`
	Files   []fileReport `json:"files"` // each reading of a file, in order
}

type fileReport struct {
	File  string       `json:"file"`
	Chain []linkReport `json:"chain,omitempty"`
}

func newIncludesReport(config *conf.Config) includesReport {
	report := includesReport{Version: reportVersion, Files: []fileReport{}}
	for _, source := range config.Includes {
		report.Files = append(report.Files, fileReport{source.File.Name, reportChain(source)})
	}
	return report
}

// hostsReport is what "effective --hosts --format json" prints.
type hostsReport struct {
	Version int          `json:"version"`
	Hosts   []hostReport `json:"hosts"` // in the order of the text
}

type hostReport struct {
	ServerName string   `json:"server_name"`
	Aliases    []string `json:"aliases"`
	Addresses  []string `json:"addresses"`
	File       string   `json:"file"`
	Line       int      `json:"line"`
	Column     int      `json:"column"`
}

func newHostsReport(config *conf.Config) hostsReport {
	report := hostsReport{Version: reportVersion, Hosts: []hostReport{}}
	for _, server := range config.Servers()[1:] {
		pos := server.Section.Pos()
		host := hostReport{
			ServerName: conf.Written(server.Name), Aliases: []string{}, Addresses: []string{},
			File: pos.File, Line: pos.Line, Column: pos.Column,
		}
		for _, address := range server.Addresses {
			host.Addresses = append(host.Addresses, conf.Written(address.Text))
		}
		for _, alias := range server.Aliases {
			host.Aliases = append(host.Aliases, conf.Written(alias))
		}
		report.Hosts = append(report.Hosts, host)
	}
	return report
}
