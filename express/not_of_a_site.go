package express

import "cmp"

// NotOfASite is why a site of the system's Apache has no setting of this name: what
// it has instead, or why a virtual host beside others cannot have it. It is empty for
// what render, wsgictl.toml and apply have too.
func NotOfASite(o Option) string { return cmp.Or(otherwise[o.Name], otherwiseIn[o.Group]) }

const (
	wholeApache = "a directive of the whole Apache, which all sites share"
	ownLoader   = "done by the Python that a server root loads the application with"
	ownFiles    = "a file or folder of a server root; Apache has its own"
	childPython = "its script would run in Apache's own processes, which serve all sites, hold their keys, and start no Python"
	readTimeout = "`request-read-timeout`"
	twoNames    = "`ssl-certificate-file` and `ssl-certificate-key-file`"
	logrotate   = "the system rotates what is in Apache's folder of logs"
	htaccess    = "Apache reads no file of rules for a site as root; `.htaccess` files may hold them (`allow-override`)"
)

// otherwiseIn are reasons for whole groups of options.
var otherwiseIn = map[string]string{
	"Places":    ownFiles,
	"Programs":  "Apache's programs are those that are installed; `wsgictl detect` shows which",
	"Services":  "a program beside the application is a service of systemd",
	"Debugging": "for one developer at one terminal",
}

// otherwise are reasons for single options.
var otherwise = map[string]string{
	"application-type":  "`script` or `module`",
	"entry-point":       "`script` or `module`",
	"application-group": "the main interpreter of the daemon process group, always",
	"process-group":     "`daemon`",
	"working-directory": "`home` of the daemon process group",

	"host":            "Apache's Listen is for all sites",
	"ssl-certificate": twoNames,
	"allow-localhost": "other names are those of other sites",

	"max-clients":           "sizes of the whole Apache: `[limits]`",
	"initial-workers":       "sizes of the whole Apache: `[limits]`",
	"minimum-spare-workers": "sizes of the whole Apache: `[limits]`",
	"maximum-spare-workers": "sizes of the whole Apache: `[limits]`",
	"server-backlog":        wholeApache,

	"header-timeout":     readTimeout,
	"header-max-timeout": readTimeout,
	"header-min-rate":    readTimeout,
	"body-timeout":       readTimeout,
	"body-max-timeout":   readTimeout,
	"body-min-rate":      readTimeout,

	"reload-on-changes":  ownLoader,
	"trust":              "`trust`, of the whole file",
	"mime-types":         wholeApache,
	"rewrite-rules":      htaccess,
	"include-file":       htaccess,
	"proxy-virtual-host": "a virtual host without an application is no site",

	"server-status":      "mod_status of the whole Apache",
	"telemetry-service":  wholeApache,
	"enable-telemetry":   wholeApache,
	"telemetry-ui-port":  wholeApache,
	"telemetry-interval": wholeApache,
	"telemetry-options":  wholeApache,
	"slow-requests":      wholeApache,

	"host-access-script": childPython,
	"auth-user-script":   childPython,
	"auth-type":          childPython,
	"auth-group-script":  childPython,
	"auth-group":         childPython,

	"envvars-script": ownFiles,

	"log-to-terminal":       "the system's Apache has no terminal",
	"startup-log":           "the system keeps what Apache says when it starts",
	"startup-log-name":      "the system keeps what Apache says when it starts",
	"error-log-name":        "named after the site, in `log-directory`",
	"access-log-name":       "named after the site, in `log-directory`",
	"rotate-logs":           logrotate,
	"max-log-size":          logrotate,
	"rotatelogs-executable": logrotate,

	"venv":            "`venv` of the whole file, or `python-home` of the daemon process group",
	"python-warnings": wholeApache,
	"free-threading":  wholeApache,

	"verbose": "each command has it",

	"add-handler": ownLoader,
	"with-cgi":    "the script would run as Apache's own account, beside all sites",

	"orphan-interpreter": wholeApache,
	"embedded-mode":      "no application runs in Apache's own processes, which all sites share",
	"enable-docs":        "for the welcome page of a server root",
	"setup-only":         "`wsgictl plan` shows what apply would write",
	"systemd-unit":       "the system starts its Apache already",
}
