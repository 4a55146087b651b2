package express

import (
	"fmt"
	"reflect"

	"github.com/wsgictl/wsgictl/templates"
)

// defaults are mod_wsgi-express's own values of settings of the model: a layer
// over it, as wsgictl.toml and flags are for a site.
func defaults() Options {
	var o Options
	o.HTTPSOnly = new(false)
	o.LimitRequestBody = new(templates.DefaultRequestBody)
	o.KeepAliveTimeout = new(2)
	o.MapHeadToGet = "Auto"
	o.LogLevel, o.AccessLog = "warn", new(false)
	return o
}

// helps are the texts of settings that have another default here than a value, or
// that a server root uses in another way.
var helps = map[string]string{
	"document-root":      "Folder of static files; a file in it wins over the application. By default htdocs of the server root.",
	"ignore-activity":    "Requests below this path do not count for --inactivity-timeout.",
	"disable-reloading":  "Never look whether the entry point changed.",
	"access-log-format":  "common, which is the default, combined, or a format of mod_log_config.",
	"passenv":            "Pass a variable of the shell to the environ of each request.",
	"proxy-timeout":      "As --socket-timeout for proxied servers, if it differs. WebSockets that are silent for longer are closed.",
	"url-alias":          "Serve the file or the folder, not the application, for URL.",
	"trust-proxy-header": "Believe this header of a proxy in front, such as X-Forwarded-For; without --trust-proxy, of whoever connects.",
}

// defaultOf is the default of a setting of the model, as it would be typed; empty
// for none.
func defaultOf(index []int) string {
	field := reflect.ValueOf(defaults()).FieldByIndex(index)
	if field.Kind() == reflect.Pointer && !field.IsNil() {
		field = field.Elem()
	}
	if field.IsZero() {
		return ""
	}
	return fmt.Sprint(field.Interface())
}
