package conf_test

import (
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// valueLines are lines that functions of directives refuse or take; which, only
// httpd says.
var valueLines = []string{
	"Listen", "Listen 1", "Listen 80 # x", "Listen abc", "Listen 99999", "Listen 0", "Listen 127.0.0.1", "Listen [::1]:8081", "Listen 8082 https",
	"ServerName a:0", "ServerName a:99999", "ServerName a:80", "ServerName *", "ServerName *.example.org", "ServerName http://a:8080", "ServerName [::1]",
	"ServerAlias", "ServerAlias a", "<VirtualHost *:80>\nServerAlias *.x # y\n</VirtualHost>", "ServerPath /x",
	"User root", "User #0", "User #00",
	"HostnameLookups x", "HostnameLookups Double", "EnableSendfile x", "EnableMMAP off", "SSLEngine maybe", "SSLEngine Optional", "SSLVerifyClient maybe",
	"SSLVerifyClient Require", "LimitRequestBody x", "LimitRequestBody -1", "LimitRequestBody 10k", "LimitRequestBody 0",
	"<Directory /x>\nRequire nothing\n</Directory>", "<Directory /x>\nRequire all\n</Directory>", "<Directory /x>\nRequire all grant\n</Directory>",
	"<Directory /x>\nRequire all granted # x\n</Directory>", "<Directory /x>\nRequire ALL Granted\n</Directory>", "<Directory /x>\nRequire all \"granted\"\n</Directory>",
	"<Directory /x>\nRequire ip\n</Directory>", "<Directory /x>\nRequire not ip 10\n</Directory>", "<Directory /x>\nRequire ip 10 192.168\n</Directory>",
	"<Directory /x>\n<RequireAll>\nRequire all granted\nRequire not ip 10\n</RequireAll>\n</Directory>",
	"<Directory /x>\n<RequireAny>\nRequire not ip 10\n</RequireAny>\n</Directory>", "<Directory /x>\n<RequireNone>\nRequire ip 10\n</RequireNone>\n</Directory>",
	"<AuthzProviderAlias ip near \"10\">\n</AuthzProviderAlias>\n<Directory /x>\nRequire near\n</Directory>",
	"<Directory /x>\nOrder allow, deny\n</Directory>", "<Directory /x>\nOrder whatever\n</Directory>", "<Directory /x>\nOrder Deny,Allow\n</Directory>",
	"<Directory /x>\nSatisfy maybe\n</Directory>", "<Directory /x>\nSatisfy Any\n</Directory>",
	"RewriteBase /x", "<Directory /x>\nRewriteBase /x\n</Directory>", "RewriteRule ^a$", "RewriteRule ^( /x", "RewriteRule !^( /x", "RewriteRule ^a /x [L,Z]",
	"RewriteRule ^a /x [L, R]", "RewriteRule ^a /x \"[L, R]\"", "RewriteRule ^a /x L", "RewriteRule ^a /x [l,QSA,ne,R=301,E=a:b,PT]", "RewriteRule \"^a b\" \"/x y\" [L]",
	`RewriteRule ^a\ b /x [L]`, "RewriteRule ^a /x [L] more", "RewriteRule ^a - [F] # x", "RewriteRule ^a /x []", "RewriteRule ^a /x [L,]",
	"RewriteRule ^(?!a) /x", "RewriteRule *.py /x", "RewriteRule a[b /x",
	"RewriteCond %{HTTP_HOST}", "RewriteCond %{HTTP_HOST} ^(", "RewriteCond %{HTTP_HOST} !^(", "RewriteCond %{HTTP_HOST} ^a [QQ]", "RewriteCond %{HTTP_HOST} ^a [nc,OR]",
	"RewriteCond %{HTTP_HOST} =(", "RewriteCond %{HTTP_HOST} >=(", "RewriteCond %{REQUEST_FILENAME} !-f", "RewriteCond expr \"%{HTTP_HOST} == '('\"",
	"Redirect /a", "Redirect 301 /a", "Redirect 999 /a /b", "Redirect permanent /a b", "Redirect /a /b", "Redirect foo /a /b", "Redirect gone /a",
	"Redirect gone /a /b", "Redirect 404 /a", "Redirect /a http://b", "Redirect temp /a http://b # x", "Redirect 308 /a /b", "Redirect 304 /a /b", "Redirect /a b:c",
	"<Location /a>\nRedirect http://b\n</Location>", "RedirectMatch ^( /b", "RedirectMatch gone ^(", "RedirectMatch 301 ^( /b", "RedirectMatch ^a /b",
	"AliasMatch ^( /b", "AliasMatch ^(a)$ /b$1", "ScriptAliasMatch *.py /b", "SetEnvIf Host ^( b", "SetEnvIf Host ^a b", "BrowserMatch ( a",
	"SetEnvIf", "SetEnvIf Host", "SetEnvIf Host a", "SetEnvIfNoCase Host a", "SetEnvIfNoCase Host ( b", "BrowserMatch", "BrowserMatch Konqueror", "BrowserMatch a b # c",
	"BrowserMatchNoCase a", "BrowserMatchNoCase a b", "KeepAliveTimeout 1h", "KeepAliveTimeout 5m", "KeepAliveTimeout 5mi",
	"KeepAliveTimeout 5", "KeepAliveTimeout 5x", "KeepAliveTimeout 5MS", "KeepAliveTimeout off", "KeepAliveTimeout 5seconds", "KeepAliveTimeout \"\"", "KeepAliveTimeout +5", "KeepAliveTimeout \" 5\"",
	"<Directory /x>\nDeny all\n</Directory>", "<Directory /x>\nAllow from all\n</Directory>", "<Directory /x>\nDeny FROM 10\n</Directory>", "<Directory /x>\nAllow x all\n</Directory>",
	"SSLProtocol all -SSLv3", "SSLProtocol On", "SSLProtocol +TLSv1.2 TLSv1.3", "SSLProtocol all -SSLv2", "SSLProtocol TLSv1.4", "SSLProtocol +all", "SSLProtocol ALL", "SSLProxyProtocol x", "SSLProtocol -all +TLSv1.2 # x",
	"SSLOptions +StdEnvVars", "SSLOptions stdenvvars -ExportCertData", "SSLOptions +X", "SSLOptions",
	"FileETag None", "FileETag MTime Size", "FileETag +INode -MTime", "FileETag x", "FileETag none Size", "FileETag All", "FileETag +All", "FileETag None # x", "FileETag Digest",
	"<Proxy *>\nAlias /a /b\n</Proxy>", "<Proxy *>\nAlias /a\n</Proxy>", "<Proxy *>\nRewriteBase /a\n</Proxy>",
	"<ProxyMatch ^http>\nRedirect http://b\n</ProxyMatch>",
	"Header set", "Header set X", "Header foo X y", "Header set X \"a b\" env=Q", "Header set X a b", "Header set X a env=", "Header set X a early",
	"Header always set Strict-Transport-Security max-age=1; includeSubDomains", "Header always set X y", "Header unset X", "Header unset X env=a", "Header unset X y",
	"Header unset X env=a z", "Header edit X a", "Header edit X ( b", "Header edit X a b", "Header edit* X a b env=c", "Header set X a env=b c", "Header set X a env=b c d",
	"Header echo ^X", "Header note X y", "Header always", "Header set X y # z", "Header set X: y \"expr=%{HTTP_HOST} == 'a'\"",
	"RequestHeader set X", "RequestHeader foo X y", "RequestHeader set X y", "RequestHeader unset X", "RequestHeader note X y", "RequestHeader edit X a b",
	"RequestHeader set X y z", "RequestHeader unset X early",
	"Alias /a", "Alias /a /b", "Alias /a /b # c", "<Location /x>\nAlias /b\n</Location>", "<Location /x>\nAlias /a /b\n</Location>", "<If true>\nAlias /b\n</If>",
	"<LocationMatch ^(>\n</LocationMatch>", "<DirectoryMatch \"^(\">\n</DirectoryMatch>", "<FilesMatch \"*.py\">\n</FilesMatch>", "<Files ~ \"(\">\n</Files>",
	"<Files \"(\">\n</Files>", "<Location ~ \"[\">\n</Location>", "<Directory ~ \"a)\">\n</Directory>", "<FilesMatch \"\\.py$\">\n</FilesMatch>",
	"<FilesMatch \"^(?<n>a)\\.py\">\n</FilesMatch>", "<LocationMatch \"a++b\">\n</LocationMatch>", "<LocationMatch \"[]a]\">\n</LocationMatch>",
	"<LocationMatch \"(*UTF)a\">\n</LocationMatch>", "<LocationMatch \"a|*\">\n</LocationMatch>",
	"ProxyPass / 443", "ProxyPass / http://127.0.0.1:8000/", "ProxyPass /", "ProxyPass", "ProxyPass / !", "ProxyPass / localhost:8000/", "ProxyPass / http://", "ProxyPass / http:/a", "ProxyPass / http://a:80x/",
	"ProxyPass / http://u:p@a/", "ProxyPass / http://[::1]:80/", "ProxyPass / http://[::1]/", "ProxyPass / http://:80/", "ProxyPass / balancer://x", "ProxyPass / HTTP://A?b", "ProxyPass / http://a retry=0",
	"ProxyPass / http://a retry", "ProxyPass / http://a nocanon Interpolate noquery", "ProxyPass / http://a # x", "ProxyPass / http://a mapping=x", "ProxyPass / http://a mapping=servlet",
	"ProxyPass / unix:/run/a.sock|http://localhost/", "ProxyPass / unix:/run/a.sock|http:", "ProxyPass / unix:/run/a.sock|x", "ProxyPass / unix:/run/a.sock", "ProxyPass ~ ^/a http://a", "ProxyPass ~ ^( http://a",
	"ProxyPass ~", "ProxyPassMatch ^/(.*) http://a:80$1", "ProxyPassMatch ^/(.*) http://a/$1", "ProxyPassMatch ^( http://a", "ProxyPassMatch ^/a 443", "ProxyPassMatch ~ ^/a http://a", "ProxyPassMatch ^/a$ !",
	"<Location /a>\nProxyPass http://a\n</Location>", "<Location /a>\nProxyPass / http://a\n</Location>", "<Location /a>\nProxyPass 443\n</Location>", "<Location /a>\nProxyPass http://a b\n</Location>",
	"<Location /a>\nProxyPass\n</Location>", "<Location /a>\nProxyPass http://a retry=0\n</Location>", "<Location /a>\nProxyPass ~ http://a\n</Location>", "<LocationMatch ^/a>\nProxyPass http://a:80$1\n</LocationMatch>",
	"IndexOptions X", "IndexOptions", "IndexOptions FancyIndexing foldersfirst +htmltable -IgnoreCase", "IndexOptions None", "IndexOptions +None", "IndexOptions None FancyIndexing", "IndexOptions FancyIndexing None",
	"IndexOptions None +FancyIndexing", "IndexOptions NameWidth=*", "IndexOptions NameWidth", "IndexOptions -NameWidth", "IndexOptions +NameWidth", "IndexOptions NameWidth=4", "IndexOptions NameWidth=5 DescriptionWidth=12",
	"IndexOptions DescriptionWidth=11", "IndexOptions -DescriptionWidth=20", "IndexOptions NameWidth=x", "IndexOptions NameWidth=-1", "IndexOptions IconHeight IconWidth=20", "IndexOptions -IconHeight=20", "IndexOptions -IconWidth",
	"IndexOptions Charset=UTF-8 Type=text/html", "IndexOptions Charset", "IndexOptions XHTML=1", "IndexOptions ++XHTML", "IndexOptions \"\"", "IndexOptions FancyIndexing # x", "IndexOptions None UseOldDateFormat IconWidth",
	"<Directory /x>\nIndexOptions FancyIndexingX\n</Directory>",
	"RequestReadTimeout x", "RequestReadTimeout", "RequestReadTimeout header=20", "RequestReadTimeout header=20-40,MinRate=500 body=20,minrate=500", "RequestReadTimeout header=20-40", "RequestReadTimeout header=40-20,MinRate=500",
	"RequestReadTimeout header=x", "RequestReadTimeout header=", "RequestReadTimeout header=20s", "RequestReadTimeout head=20", "RequestReadTimeout body=-1,MinRate=500", "RequestReadTimeout body=20,MinRate=0", "RequestReadTimeout body=20,MinRate=x",
	"RequestReadTimeout body=20-,MinRate=1", "RequestReadTimeout body=0 handshake=5", "RequestReadTimeout body=20 # x", "RequestReadTimeout \"body= 20\"", "RequestReadTimeout body=+20", "RequestReadTimeout BODY=20,minRATE=1", "RequestReadTimeout body=20,rate=1",
	"UserDir", "UserDir \"\"", "UserDir disabled", "UserDir enabled", "UserDir public_html # x", "UserDir enabled a b",
	"ExpiresDefault x", "ExpiresDefault A3600", "ExpiresDefault A", "ExpiresDefault a3600", "ExpiresDefault access", "ExpiresDefault \"access plus 1 month\"", "ExpiresDefault \"access plus 1 m\"", "ExpiresDefault \"access plus month\"",
	"ExpiresDefault \"now 1 year 2 days\"", "ExpiresDefault \"modification plus 1\"", "ExpiresDefault \"modification plus 1 fortnight\"", "ExpiresDefault \"\"", "ExpiresDefault access plus 1 month", "ExpiresDefault \"m p 1 s\"",
	"ExpiresDefault \"later plus 1 s\"", "ExpiresDefault 3600", "ExpiresByType text/css x", "ExpiresByType text/css A1", "ExpiresByType text/css \"access plus 1 week\"", "ExpiresByType text/css \"access plus 1 x\"",
	"<Directory /x>\n<RequireAny>\n</RequireAny>\n</Directory>", "<Directory /x>\n<RequireAll>\n# nothing\n</RequireAll>\n</Directory>", "<Directory /x>\n<RequireNone>\n</RequireNone>\n</Directory>",
	"<Directory /x>\n<RequireAny>\n<IfModule mod_nothing.c>\nRequire ip 10\n</IfModule>\n</RequireAny>\n</Directory>", "<Directory /x>\n<RequireAny x>\nRequire ip 10\n</RequireAny>\n</Directory>", "<Directory /x>\n<RequireAny >\nRequire ip 10\n</RequireAny>\n</Directory>",
	"<Directory /x>\n<RequireAny>\nAuthName x\n</RequireAny>\n</Directory>", "<Directory /x>\n<RequireAny>\n<RequireAll>\n</RequireAll>\n</RequireAny>\n</Directory>", "<Directory /x>\n<RequireAny>\n<RequireAll>\nRequire ip 10\n</RequireAll>\n</RequireAny>\n</Directory>",
	"<Directory /x>\n<RequireAll>\nRequire all granted\n<RequireNone>\nRequire ip 10\n</RequireNone>\n</RequireAll>\n</Directory>",
}

func TestValuesAreRefusedAsHTTPDRefusesThem(t *testing.T) {
	t.Parallel()
	for _, line := range valueLines {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			server := httpdtest.New(t)
			file, _, reported, refused := server.Ask(line + "\n")
			config, err := conf.Read(file, options(server))
			if err != nil {
				t.Fatal(err)
			}
			if found := config.Errors(); (len(found) > 0) != (refused != nil) {
				t.Errorf("found %v, httpd: %v %s", found, refused, reported)
			}
		})
	}
}
