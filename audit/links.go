package audit

// Pages of mod_wsgi's documentation that rules link to.
const (
	guides     = "https://modwsgi.readthedocs.io/en/latest/user-guides/"
	directives = "https://modwsgi.readthedocs.io/en/latest/configuration-directives/"

	modesGuide   = guides + "processes-and-threading.html"
	issuesGuide  = guides + "configuration-issues.html"
	configGuide  = guides + "configuration-guidelines.html"
	appGuide     = guides + "application-issues.html"
	venvGuide    = guides + "virtual-environments.html"
	installGuide = guides + "installation-issues.html"
	daemonPage   = directives + "WSGIDaemonProcess.html"
	groupPage    = directives + "WSGIProcessGroup.html"
	restrictPage = directives + "WSGIRestrictEmbedded.html"
)
