package conf_test

import (
	"testing"
)

// TestValuesAreRefusedWhereHTTPDRefusesThem asks the real httpd about single
// lines whose number of arguments is right.
func TestValuesAreRefusedWhereHTTPDRefusesThem(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"<Directory /srv>\nOptions Indexes +FollowSymLinks\n</Directory>", "<Directory /srv>\nOptions +Indexes FollowSymLinks\n</Directory>",
		"<Directory /srv>\nOptions +Indexes -FollowSymLinks\n</Directory>", "<Directory /srv>\nOptions Foo\n</Directory>",
		"<Directory /srv>\nOptions Indexes None\n</Directory>", "<Directory /srv>\nOptions +None\n</Directory>", "<Directory /srv>\nOptions +All\n</Directory>",
		"<Directory /srv>\nOptions Indexes All\n</Directory>", "<Directory /srv>\nOptions All -Indexes\n</Directory>", "<Directory /srv>\nOptions None +Indexes\n</Directory>",
		"<Directory /srv>\nOptions\n</Directory>", "Options ExecCGI indexes RunScripts", "Options -+Indexes",
		"<Directory /srv>\nAllowOverride All\n</Directory>", "<Directory /srv>\nAllowOverride FileInfo AuthConfig limit indexes Options=Indexes,MultiViews\n</Directory>",
		"<Directory /srv>\nAllowOverride Foo\n</Directory>", "<Directory /srv>\nAllowOverride Nonfatal\n</Directory>", "<Directory /srv>\nAllowOverride Nonfatal=All FileInfo\n</Directory>",
		"LogLevel warn", "LogLevel info ssl:warn", "LogLevel foo", "LogLevel core:", "LogLevel core:foo", "LogLevel trace8 mod_so.c:debug",
		"ErrorDocument 404 /x", "ErrorDocument 999 /x", "ErrorDocument abc /x", "ErrorDocument 500 x", "ErrorDocument 200 x",
		"ServerTokens Prod", "ServerTokens Product", "ServerTokens min", "UseCanonicalName Maybe", "UseCanonicalName dns",
		"AcceptPathInfo Default", "AcceptPathInfo Perhaps", "ServerSignature EMail", "ServerSignature Full",
		"AllowEncodedSlashes NoDecode", "AllowEncodedSlashes Yes", "Timeout x", "TraceEnable extended", "TraceEnable no",
		"<Directory /srv>\nUnsetEnv x\n</Directory>",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			sameAsHTTPD(t, line+"\n", nil)
		})
	}
}
