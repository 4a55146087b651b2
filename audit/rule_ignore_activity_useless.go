package audit

var ignoreActivityUseless = &Rule{
	ID: "WC135", Name: "ignore-activity-useless", Severity: Info, Category: CategoryTimeouts, Since: unreleased,
	Summary: "WSGIIgnoreActivity has nothing to act on",
	Why:     "It keeps requests from counting for the inactivity-timeout of a daemon process group, and no group has one.",
	Remedy:  "Remove it, or set inactivity-timeout on the group.",
	Link:    directives + "WSGIIgnoreActivity.html",
	Bad: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop
<Location /health>
WSGIIgnoreActivity On
</Location>`,
	Good: `
WSGIDaemonProcess shop inactivity-timeout=3600
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop
<Location /health>
WSGIIgnoreActivity On
</Location>`,
	Check: checkIgnoreActivityUseless,
}

func checkIgnoreActivityUseless(p *Pass) {
	if len(p.Daemons) == 0 && !p.Config.Complete {
		return // the groups are in another part of the configuration
	}
	for _, group := range p.Daemons {
		if firstAboveZero(group, "inactivity-timeout") != "" {
			return
		}
	}
	for d := range p.All("WSGIIgnoreActivity") {
		if !d.IsOn() {
			continue
		}
		f := Finding{Message: "no daemon process group has an inactivity-timeout"}
		if isEditable(d) {
			f.Fix = p.fixOf(false, "remove the directive", removeDirective(d))
		}
		p.Report(d, f)
	}
}
