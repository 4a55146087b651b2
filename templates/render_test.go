package templates_test

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

// written are all the directives that the templates write.
var written = []string{
	"Alias", "AllowOverride", "CustomLog", "DirectoryIndex", "DocumentRoot", "ErrorLog", "Header", "LimitRequestBody", "Options",
	"AuthMerging", "Redirect", "RequestReadTimeout", "Require", "SSLCACertificateFile", "SSLCertificateChainFile", "SSLVerifyClient", "SSLVerifyDepth", "SSLCertificateFile", "SSLCertificateKeyFile", "SSLEngine",
	"ServerAlias", "ServerName", "ServerSignature", "WSGIDaemonProcess", "WSGIImportScript", "WSGIRestrictEmbedded",
	"WSGIScriptAlias", "WSGITrustedProxies", "WSGITrustedProxyHeaders",
	"AddOutputFilterByType", "EnableSendfile", "ErrorDocument", "ErrorLogFormat", "KeepAlive", "KeepAliveTimeout", "LogLevel", "PassEnv", "Protocols", "ProxyPass",
	"ProxyPassReverse", "ProxyTimeout", "RequestHeader", "RewriteEngine", "RewriteRule", "SetEnv", "WSGIChunkedRequest", "WSGIErrorOverride",
	"WSGICtlBodyFirst", "WSGIIgnoreActivity", "WSGIMapHEADToGET", "WSGIScriptReloading", "<If", "</If>", "<IfModule", "</IfModule>", "<LocationMatch", "</LocationMatch>",
	"<Directory", "</Directory>", "<Location", "</Location>", "<Files", "</Files>", "<VirtualHost", "</VirtualHost>",
}

// FuzzRender puts a value into each text of a site and a daemon in turn:
// nothing but the directives of the templates may come out.
func FuzzRender(f *testing.F) {
	for _, value := range []string{"a", "a\nInclude /etc/passwd", "\"\nx", "a\\", "</VirtualHost>", "${x}", "header=1\nbody=1", "\x00", "a\r\nb", "off\n", "/a\n"} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		for i := range len(texts(reflect.ValueOf(new(fullSite())).Elem())) {
			site := fullSite()
			texts(reflect.ValueOf(&site).Elem())[i].SetString(value)
			checkDirectives(t, value, site.Render)
		}
		for _, option := range modwsgi.DaemonOptions(modwsgi.Newest) {
			daemon := templates.Daemon{Name: "app", Release: modwsgi.Newest, Settings: []modwsgi.Setting{{Name: option.Name, Value: value}}}
			checkDirectives(t, value, daemon.Render)
		}
		checkDirectives(t, value, templates.Daemon{Name: value, Release: modwsgi.Newest}.Render)
		checkDirectives(t, value, templates.Daemon{Name: "app", Locale: value}.Render)
	})
}

// fullSite makes use of every field.
func fullSite() templates.Site {
	return templates.Site{
		Name: "site", ServerName: "site.test", ServerAlias: []string{"www.site.test"},
		Application: templates.Application{Script: "/srv/app/wsgi.py", CallableObject: "app", MountPoint: "/app"},
		Static: templates.Static{DocumentRoot: "/srv/htdocs", DirectoryIndex: "home.html", AllowOverride: []string{"Limit"},
			URLAlias: []templates.Alias{{URL: "/static", Path: "/srv/static"}, {URL: "/a.txt", Path: "/srv/a.txt"}}},
		TLS: templates.TLS{SSLCertificateFile: "/etc/cert.pem", SSLCertificateKeyFile: "/etc/key.pem", HTTPSOnly: new(false), HSTSPolicy: "max-age=1",
			SSLCertificateChainFile: "/etc/chain.pem", SSLCACertificateFile: "/etc/ca.pem", SSLVerifyClient: []string{"/admin"}},
		LogDirectory: "/var/log", Clients: templates.Clients{RequestReadTimeout: "header=1", KeepAliveTimeout: new(3), HTTP2: true},
		Logs:           templates.Logs{LogLevel: "info", ErrorLogFormat: "%M", AccessLogFormat: "common"},
		Requests:       templates.Requests{MapHeadToGet: "On", ChunkedRequest: true, IgnoreActivity: []string{"/health"}, DisableReloading: true},
		Responses:      templates.Responses{ErrorDocument: []templates.ErrorDocument{{Status: 404, URL: "/lost"}}, ErrorOverride: true, CompressResponses: true},
		Environ:        templates.Environ{Setenv: []templates.Variable{{Key: "A", Value: "b"}}, Passenv: []string{"TZ"}},
		Proxies:        templates.Proxies{ProxyMountPoint: []templates.Proxy{{URL: "/api", To: "http://127.0.0.1:5000/"}}, ProxyTimeout: new(3)},
		TrustedProxies: templates.TrustedProxies{TrustedProxy: []string{"10.0.0.1"}, TrustedProxyHeader: []string{"X-Forwarded-For"}},
	}
}

// texts are all strings of a struct, those of its lists and structs too; of a
// list that is empty there are none, so that it must be asked of a full one.
func texts(value reflect.Value) []reflect.Value {
	switch value.Kind() {
	case reflect.String:
		return []reflect.Value{value}
	case reflect.Struct:
		var all []reflect.Value
		for i := range value.NumField() {
			all = append(all, texts(value.Field(i))...)
		}
		return all
	case reflect.Slice:
		var all []reflect.Value
		for i := range value.Len() {
			all = append(all, texts(value.Index(i))...)
		}
		return all
	}
	return nil
}

var optionLine = regexp.MustCompile(`^[a-z-]+=`)

func checkDirectives(t *testing.T, value string, render func() (string, error)) {
	t.Helper()
	text, err := render()
	if err != nil {
		return
	}
	for line := range strings.Lines(templates.Bare(text)) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name != "" && !slices.Contains(written, name) && !optionLine.MatchString(name) {
			t.Errorf("%q lets this line in: %s", value, line)
		}
	}
}
