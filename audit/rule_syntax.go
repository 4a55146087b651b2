package audit

import (
	"cmp"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

var syntax = &Rule{
	ID: "WC001", Name: "syntax", Severity: Error, Category: CategoryUpgrade, Since: unreleased,
	StopsStart: true,
	Summary:    "httpd refuses the configuration",
	Why:        "httpd does not start with it, and a running one keeps what it read before.",
	Remedy:     "Correct the line; \"httpd -t\" names the same one.",
	Link:       "https://httpd.apache.org/docs/2.4/configuring.html",
	Bad: `
<VirtualHost *:80>
ServerName shop.example`,
	Good: `
<VirtualHost *:80>
ServerName shop.example
</VirtualHost>`,
	Check: checkSyntax,
}

// checkSyntax reports warnings only where the text is a whole server's: in a
// part, a variable that is not defined is defined elsewhere.
func checkSyntax(p *Pass) {
	p.reportDiagnostics(conf.Error)
	for _, d := range p.Config.Missing() {
		p.reportDiagnostic(d)
	}
	if p.Config.Complete {
		p.reportDiagnostics(conf.Warning)
	}
}

var templateFile = &Rule{
	ID: "WC002", Name: "template-file", Severity: Info, Category: CategoryStyle, Since: unreleased,
	Summary: "the file is a template that was not rendered yet",
	Why:     "What the marks stand for is not known. The other rules tell what holds all the same, with conditions decided either way.",
	Remedy:  "Audit what the template is rendered to as well, where the answer hangs on a mark.",
	Link:    "https://github.com/wsgictl/wsgictl/blob/main/docs/audit.md",
	Bad:     "WSGIScriptAlias / {{ project }}/app.wsgi",
	Good:    "# nothing left to render",
	Check:   func(p *Pass) { p.reportDiagnostics(conf.Notice) },
}

// reportDiagnostics reports what reading found.
func (p *Pass) reportDiagnostics(severities ...conf.Severity) {
	for _, d := range p.Config.Diagnostics {
		for _, severity := range severities {
			if d.Severity == severity {
				p.reportDiagnostic(d)
			}
		}
	}
}

func (p *Pass) reportDiagnostic(d conf.Diagnostic) {
	f := &Finding{
		Rule: p.rule, Severity: p.rule.Severity, Message: d.Message, Help: cmp.Or(d.Advice, p.rule.Remedy),
		Pos: d.Pos, End: d.End, file: p.fileOf(d),
	}
	if d.Severity == conf.Warning {
		f.Severity = Warning
	}
	p.findings = append(p.findings, f)
}

// fileOf is the file that a diagnostic is about.
func (p *Pass) fileOf(d conf.Diagnostic) *conf.File {
	if d.Source != nil {
		return d.Source.File
	}
	for _, file := range p.Config.Files {
		if file.Name == d.Pos.File {
			return file
		}
	}
	return nil
}
