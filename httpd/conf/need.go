package conf

import "strings"

// Need is something of the host that httpd does not start without.
type Need struct {
	Kind NeedKind
	Name string // of a file or folder, relative to ServerRoot, or of an account
}

// NeedKind is what a Need asks of the host.
type NeedKind uint8

// The kinds of needs.
const (
	NeedsFile        NeedKind = iota // a regular file that holds something
	NeedsAnything                    // a file of any kind
	NeedsFolder                      // a folder
	NeedsFolderOf                    // the folder that a file lies in
	NeedsUser                        // an account; "#" and any number will do
	NeedsListedUser                  // an account, by name or by number
	NeedsGroup                       // a group; "#" and any number will do
	NeedsListedGroup                 // a group, by name or by number
)

// needsOfFirst are the directives that need something by their first argument.
var needsOfFirst = []struct {
	kind  NeedKind
	names []string
}{
	{NeedsUser, []string{"User"}},   // ap_uname2id
	{NeedsGroup, []string{"Group"}}, // ap_gname2id
	{NeedsFile, []string{ // ssl_cmd_check_file
		"SSLCertificateFile", "SSLCertificateKeyFile", "SSLCertificateChainFile", "SSLSessionTicketKeyFile", "SSLCACertificateFile",
		"SSLCADNRequestFile", "SSLCARevocationFile", "SSLSRPVerifierFile", "SSLOCSPResponderCertificateFile", "SSLProxyCACertificateFile",
		"SSLProxyCARevocationFile", "SSLProxyMachineCertificateFile", "SSLProxyMachineCertificateChainFile",
	}},
	{NeedsFolder, []string{ // ssl_cmd_check_dir, ap_mpm_set_coredumpdir, unixd_set_chroot_dir
		"SSLCACertificatePath", "SSLCADNRequestPath", "SSLCARevocationPath", "SSLProxyCACertificatePath", "SSLProxyCARevocationPath",
		"SSLProxyMachineCertificatePath", "CoreDumpDirectory", "ChrootDir",
	}},
	// mime_post_config, and set_remoteip_proxy_list and set_crypto_passphrase_file when they meet the line
	{NeedsAnything, []string{"TypesConfig", "RemoteIPTrustedProxyList", "RemoteIPInternalProxyList", "SessionCryptoPassphraseFile"}},
	{NeedsFolderOf, logDirectives},
}

// logDirectives are those of log files, which open_logs opens before httpd has
// children; the folder of an ErrorLog is looked at by "httpd -t" already.
var logDirectives = []string{"ErrorLog", "CustomLog", "TransferLog", "GlobalLog", "ForensicLog"}

// needsOf are those of a directive of httpd itself.
func needsOf(kind NeedKind, d *Directive) []Need {
	name := d.Word(0)
	switch {
	case name == "",
		kind == NeedsFolderOf && (name[0] == '|' || name == "syslog" || strings.HasPrefix(name, "syslog:")),
		kind == NeedsFile && strings.Contains(name, ":"): // pkcs11:, or a key of a provider
		return nil
	}
	return []Need{{kind, name}}
}

// needsOfMap are those of a RewriteMap (cmd_rewritemap).
func needsOfMap(d *Directive) []Need {
	source := d.Word(1)
	kind, file, typed := strings.Cut(source, ":")
	switch {
	case !typed:
		return []Need{{NeedsAnything, source}}
	case strings.EqualFold(kind, "txt"), strings.EqualFold(kind, "rnd"):
		return []Need{{NeedsAnything, file}}
	}
	return nil
}

// needsOfRoot are those of a DocumentRoot: of a virtual host httpd only warns
// (set_document_root).
func needsOfRoot(d *Directive) []Need {
	if d.Parent != nil {
		return nil
	}
	return []Need{{NeedsFolder, d.Word(0)}}
}
