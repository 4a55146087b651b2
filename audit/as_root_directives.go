package audit

import (
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// rootDirectives are those whose files Apache uses as root, each with what
// gives them. Includes, LoadModule and LoadFile are apart.
var rootDirectives = []struct {
	names []string
	uses  func(v *View, d *conf.Directive, tell func(Use))
}{
	// server/log.c and mod_log_config.c open logs in open_logs, before children are made.
	{[]string{"ErrorLog", "CustomLog", "TransferLog", "GlobalLog", "ForensicLog"}, logUses(startsProgram, writesLog)},
	// mod_security2 (apache2_config.c: cmd_audit_log and its like) opens logs when it meets the line.
	{[]string{"SecAuditLog", "SecAuditLog2", "SecDebugLog", "SecGuardianLog"}, logUses(runsProgram, writesLogAtTest)},
	// ssl_engine_init.c and ssl_engine_pphrase.c: post_config
	{[]string{"SSLCertificateKeyFile", "SSLProxyMachineCertificateFile", "SSLProxyMachineCertificatePath", "SSLSessionTicketKeyFile"}, keyUses},
	{[]string{"SSLPassPhraseDialog", "SSLRandomSeed"}, execUses},
	// mod_rewrite.c: run_rewritemap_programs of post_config
	{[]string{"RewriteMap"}, mapUses},
	// modperl_cmd.c: the first runs when its line is met
	{[]string{"PerlConfigRequire"}, wordUses(loadsCode)},
	{[]string{"PerlRequire", "PerlPostConfigRequire"}, wordUses(startsCode)},
}

func (v *View) directiveUses(tell func(Use)) {
	for _, row := range rootDirectives {
		for d := range v.All(row.names...) {
			row.uses(v, d, tell)
		}
	}
	v.certificateUses(tell)
}

// tellOf tells of one path; of none where the word is no path.
func (v *View) tellOf(d *conf.Directive, name string, purpose *Purpose, tell func(Use)) {
	if isPath(name) {
		tell(Use{Path: v.rooted(name), Purpose: purpose, directive: d})
	}
}

// wordUses are all words, but those that are looked for in Perl's folders.
func wordUses(purpose *Purpose) func(*View, *conf.Directive, func(Use)) {
	return func(v *View, d *conf.Directive, tell func(Use)) {
		for _, word := range d.Words() {
			if path.IsAbs(word) {
				v.tellOf(d, word, purpose, tell)
			}
		}
	}
}

// logUses are a file, or a program that gets the lines and the files that it
// is to write to (ap_open_piped_log).
func logUses(program, log *Purpose) func(*View, *conf.Directive, func(Use)) {
	return func(v *View, d *conf.Directive, tell func(Use)) {
		target := d.Word(0)
		if command, piped := strings.CutPrefix(target, "|"); piped {
			if command = strings.TrimLeft(command, "|$ "); path.IsAbs(strings.TrimLeft(command, `"'`)) { // else it is not looked for below ServerRoot
				v.commandUses(d, command, program, log, tell)
			}
		} else if target != "syslog" && !strings.HasPrefix(target, "syslog:") {
			v.tellOf(d, target, log, tell)
		}
	}
}

// commandUses are a program and the files among its arguments.
func (v *View) commandUses(d *conf.Directive, command string, program, argument *Purpose, tell func(Use)) {
	for i, word := range conf.Words(command) {
		switch {
		case i == 0:
			v.tellOf(d, word, program, tell)
		case path.IsAbs(word):
			v.tellOf(d, word, argument, tell)
		}
	}
}

func keyUses(v *View, d *conf.Directive, tell func(Use)) {
	if name := d.Word(0); !strings.HasPrefix(name, "pkcs11:") {
		v.tellOf(d, name, takesKey, tell)
	}
}

// certificateUses are the certificates that hold their key, too: of servers
// without SSLCertificateKeyFile.
func (v *View) certificateUses(tell func(Use)) {
	apart := map[*conf.Directive]bool{}
	for d := range v.All("SSLCertificateKeyFile") {
		apart[d.Parent] = true
	}
	for d := range v.All("SSLCertificateFile") {
		if !apart[d.Parent] {
			keyUses(v, d, tell)
		}
	}
}

// execUses are the program of SSLPassPhraseDialog exec:PROGRAM or |PROGRAM, and
// of SSLRandomSeed startup exec:PROGRAM.
func execUses(v *View, d *conf.Directive, tell func(Use)) {
	for _, word := range d.Words() {
		command, isExec := strings.CutPrefix(word, "exec:")
		if !isExec {
			command, isExec = strings.CutPrefix(word, "|")
		}
		if isExec {
			v.commandUses(d, command, startsProgram, writesLog, tell)
		}
	}
}

// mapUses are the program of a RewriteMap that names no user to run it as.
func mapUses(v *View, d *conf.Directive, tell func(Use)) {
	if command, isProgram := strings.CutPrefix(d.Word(1), "prg:"); isProgram && d.Word(2) == "" {
		v.commandUses(d, command, startsProgram, writesLog, tell)
	}
}
