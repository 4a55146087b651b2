package audit

var limitRequestBody = &Rule{
	ID: "WC140", Name: "limit-request-body", Severity: Warning, Category: CategorySecurity, Since: unreleased,
	Summary: "the size of request bodies is not limited",
	Why: "LimitRequestBody 0 takes Apache's limit away (1 GiB since 2.4.54): a client may send until the disk or the " +
		"memory of the application is full.",
	Remedy: "Set LimitRequestBody, in bytes, to what the application's largest upload needs.",
	Link:   "https://httpd.apache.org/docs/2.4/mod/core.html#limitrequestbody",
	Bad: `
LimitRequestBody 0
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
LimitRequestBody 10485760
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkLimitRequestBody,
}

func checkLimitRequestBody(p *Pass) {
	for d := range p.All("LimitRequestBody") {
		if p.hosts() && d.Word(0) == "0" {
			p.Report(d, Finding{Message: "request bodies may be of any size"})
		}
	}
}
