package audit

var chunkedRequest = &Rule{
	ID: "WC209", Name: "chunked-request", Severity: Info, Category: CategorySecurity, Since: unreleased,
	Summary: "requests without a length are handed to the application",
	Why: "WSGIChunkedRequest On leaves WSGI's rule that a body without Content-Length is empty: many frameworks read " +
		"nothing, and some wait for ever. A proxy in front that does not agree on where a body ends is a way to smuggle requests.",
	Remedy: "Switch it on only for the URLs of the application that reads such bodies to their end.",
	Link:   directives + "WSGIChunkedRequest.html",
	Bad: `
WSGIChunkedRequest On
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
WSGIScriptAlias / /srv/shop/app.wsgi
<Location /upload>
WSGIChunkedRequest On
</Location>`,
	Check: checkChunkedRequest,
}

func checkChunkedRequest(p *Pass) {
	for d := range p.All("WSGIChunkedRequest") {
		if d.IsOn() && d.Parent == d.VirtualHost() { // in a section it is limited on purpose
			p.Report(d, Finding{Message: "all applications here get bodies without a length"})
		}
	}
}
