package audit

import (
	"path"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

// rootDirectives are those whose files Apache uses as root, each with what
// gives them. Includes, LoadModule and LoadFile are apart.
var rootDirectives = []struct {
	names []string
	uses  func(v *wsgi.View, d *conf.Directive, tell func(Use))
}{
	// server/log.c and mod_log_config.c open logs in open_logs, before children are made.
	{[]string{"ErrorLog", "CustomLog", "TransferLog", "GlobalLog", "ForensicLog"}, logUses(startsProgram, writesLog)},
	// mod_security2 (apache2_config.c: cmd_audit_log and its like) opens logs when it meets the line.
	{[]string{"SecAuditLog", "SecAuditLog2", "SecDebugLog", "SecGuardianLog"}, logUses(runsProgram, writesLogAtTest)},
	// ssl_engine_init.c and ssl_engine_pphrase.c: post_config
	{[]string{"SSLCertificateKeyFile", "SSLProxyMachineCertificateFile", "SSLProxyMachineCertificatePath", "SSLSessionTicketKeyFile"}, keyUses},
	{[]string{"SSLPassPhraseDialog", "SSLRandomSeed"}, execUses},
	// mod_md.c: notify, of which post_config takes "installed"; other messages come from a child
	{[]string{"MDMessageCmd"}, programUses},
	// mod_rewrite.c: run_rewritemap_programs of post_config
	{[]string{"RewriteMap"}, mapUses},
	// modperl_cmd.c: the first runs when its line is met
	{[]string{"PerlConfigRequire"}, wordUses(loadsCode)},
	{[]string{"PerlRequire", "PerlPostConfigRequire"}, wordUses(startsCode)},
}

func directiveUses(v *wsgi.View, tell func(Use)) {
	for _, row := range rootDirectives {
		for d := range v.All(row.names...) {
			row.uses(v, d, tell)
		}
	}
	certificateUses(v, tell)
}

// tellOf tells of one path; of none where the word is no path.
func tellOf(v *wsgi.View, d *conf.Directive, name string, purpose *Purpose, tell func(Use)) {
	if isPath(name) {
		tell(Use{Path: rooted(v, name), Purpose: purpose, directive: d})
	}
}

// wordUses are all words, but those that are looked for in Perl's folders.
func wordUses(purpose *Purpose) func(*wsgi.View, *conf.Directive, func(Use)) {
	return func(v *wsgi.View, d *conf.Directive, tell func(Use)) {
		for _, word := range d.Words() {
			if path.IsAbs(word) {
				tellOf(v, d, word, purpose, tell)
			}
		}
	}
}

// programUses are the first word alone.
func programUses(v *wsgi.View, d *conf.Directive, tell func(Use)) {
	tellOf(v, d, d.Word(0), startsProgram, tell)
}

// logUses are a file, or a program that gets the lines and the files that it
// is to write to (ap_open_piped_log).
func logUses(program, log *Purpose) func(*wsgi.View, *conf.Directive, func(Use)) {
	return func(v *wsgi.View, d *conf.Directive, tell func(Use)) {
		target := d.Word(0)
		if command, piped := strings.CutPrefix(target, "|"); piped {
			if command = strings.TrimLeft(command, "|$ "); path.IsAbs(strings.TrimLeft(command, `"'`)) { // else it is not looked for below ServerRoot
				commandUses(v, d, command, program, log, tell)
			}
		} else if target != "syslog" && !strings.HasPrefix(target, "syslog:") {
			tellOf(v, d, target, log, tell)
		}
	}
}

// commandUses are a program and the files among its arguments.
func commandUses(v *wsgi.View, d *conf.Directive, command string, program, argument *Purpose, tell func(Use)) {
	for i, word := range conf.Words(command) {
		switch {
		case i == 0:
			tellOf(v, d, word, program, tell)
		case path.IsAbs(word):
			tellOf(v, d, word, argument, tell)
		}
	}
}

func keyUses(v *wsgi.View, d *conf.Directive, tell func(Use)) {
	if name := d.Word(0); !strings.HasPrefix(name, "pkcs11:") {
		tellOf(v, d, name, takesKey, tell)
	}
}

// certificateUses are the certificates that hold their key, too: of servers
// without SSLCertificateKeyFile.
func certificateUses(v *wsgi.View, tell func(Use)) {
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
func execUses(v *wsgi.View, d *conf.Directive, tell func(Use)) {
	for _, word := range d.Words() {
		command, isExec := strings.CutPrefix(word, "exec:")
		if !isExec {
			command, isExec = strings.CutPrefix(word, "|")
		}
		if isExec {
			commandUses(v, d, command, startsProgram, writesLog, tell)
		}
	}
}

// mapUses are the program of a RewriteMap that names no user to run it as.
func mapUses(v *wsgi.View, d *conf.Directive, tell func(Use)) {
	if command, isProgram := strings.CutPrefix(d.Word(1), "prg:"); isProgram && d.Word(2) == "" {
		commandUses(v, d, command, startsProgram, writesLog, tell)
	}
}
