package modwsgi

// The %{…} forms that a group's name may hold.
const (
	perRequest = "%{GLOBAL}, %{RESOURCE}, %{SERVER}, %{HOST}, %{ENV:variable}"
	perServer  = "%{GLOBAL}, %{SERVER}, %{HOST}"
	globalOnly = "%{GLOBAL}"
)

// scriptOptions is what wsgi_add_script_alias, wsgi_add_handler_script,
// wsgi_add_import_script and the setters of the other script directives read
// (mod_wsgi.c, wsgi_config.c from 6.0 on), with the selectors of
// <WSGIInterpreterOptions> and the argument of WSGITelemetryService.
var scriptOptions = []ScriptOption{
	{Directive: "WSGIScriptAlias", Name: "process-group", Kind: Text, Span: since("3.0"),
		Expands: perRequest, Default: "WSGIProcessGroup, else embedded mode",
		Reason: "goes before WSGIProcessGroup; the group must be declared above when application-group is fixed too"},
	{Directive: "WSGIScriptAlias", Name: "application-group", Kind: Text, Span: since("3.0"),
		Expands: perRequest, Default: "WSGIApplicationGroup, else %{RESOURCE}", Recommended: "%{GLOBAL}",
		Reason: "C extensions such as numpy's hang or crash outside the main interpreter"},
	{Directive: "WSGIScriptAlias", Name: "callable-object", Kind: Text, Span: since("3.0"),
		Default: "WSGICallableObject, else application",
		Reason:  "the name that the script file gives its application"},
	{Directive: "WSGIScriptAlias", Name: "pass-authorization", Kind: OnOff, Span: since("3.0"),
		Default: "WSGIPassAuthorization, else Off",
		Reason:  "On where the application reads the Authorization header itself"},

	{Directive: "WSGIScriptAliasMatch", Name: "process-group", Kind: Text, Span: since("4.6.0"),
		Expands: perRequest, Default: "WSGIProcessGroup, else embedded mode",
		Reason: "goes before WSGIProcessGroup"},
	{Directive: "WSGIScriptAliasMatch", Name: "application-group", Kind: Text, Span: since("4.6.0"),
		Expands: perRequest, Default: "WSGIApplicationGroup, else %{RESOURCE}", Recommended: "%{GLOBAL}",
		Reason: "C extensions such as numpy's hang or crash outside the main interpreter"},
	{Directive: "WSGIScriptAliasMatch", Name: "callable-object", Kind: Text, Span: since("3.0"),
		Default: "WSGICallableObject, else application",
		Reason:  "the name that the script file gives its application"},
	{Directive: "WSGIScriptAliasMatch", Name: "pass-authorization", Kind: OnOff, Span: since("3.0"),
		Default: "WSGIPassAuthorization, else Off",
		Reason:  "On where the application reads the Authorization header itself"},

	{Directive: "WSGIHandlerScript", Name: "process-group", Kind: Text, Span: since("3.0"),
		Expands: perRequest, Default: "WSGIProcessGroup, else embedded mode",
		Reason: "goes before WSGIProcessGroup"},
	{Directive: "WSGIHandlerScript", Name: "application-group", Kind: Text, Span: since("3.0"),
		Expands: perRequest, Default: "WSGIApplicationGroup, else %{RESOURCE}", Recommended: "%{GLOBAL}",
		Reason: "C extensions such as numpy's hang or crash outside the main interpreter"},
	{Directive: "WSGIHandlerScript", Name: "pass-authorization", Kind: OnOff, Span: since("3.0"),
		Default: "WSGIPassAuthorization, else Off",
		Reason:  "On where the application reads the Authorization header itself"},

	{Directive: "WSGIImportScript", Name: "process-group", Kind: Text, Span: since("2.0"), Required: true,
		Expands: globalOnly,
		Reason:  "%{GLOBAL} makes all of Apache's own processes load Python, whatever WSGIRestrictEmbedded says"},
	{Directive: "WSGIImportScript", Name: "application-group", Kind: Text, Span: since("2.0"), Required: true,
		Expands: globalOnly, Recommended: "%{GLOBAL}",
		Reason: "must be the interpreter that serves the requests"},

	{Directive: "WSGIDispatchScript", Name: "application-group", Kind: Text, Span: since("2.0"),
		Expands: perServer, Default: "%{GLOBAL}"},
	{Directive: "WSGIAccessScript", Name: "application-group", Kind: Text, Span: since("2.0"),
		Expands: perServer, Default: "%{GLOBAL}"},
	{Directive: "WSGIAuthUserScript", Name: "application-group", Kind: Text, Span: since("2.0"),
		Expands: perServer, Default: "%{GLOBAL}"},
	{Directive: "WSGIAuthGroupScript", Name: "application-group", Kind: Text, Span: since("2.0"),
		Expands: perServer, Default: "%{GLOBAL}"},

	{Directive: "WSGIInterpreterOptions", Name: "process-group", Kind: Text, Span: since("6.0.0"),
		Expands: globalOnly, Default: "every process",
		Reason: "case does not matter in its name here"},
	{Directive: "WSGIInterpreterOptions", Name: "application-group", Kind: Text, Span: since("6.0.0"),
		Expands: globalOnly, Default: "every interpreter",
		Reason: "WSGIFreeThreading has no effect together with it"},

	{Directive: "WSGITelemetryService", Name: "interval", Kind: Interval, Span: since("6.0.0"), Least: 0.5,
		Default: "1.0",
		Reason:  "at least 0.5"},
}
