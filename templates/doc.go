// Package templates turns what is declared into configuration files: a
// [Daemon] or a [Site] in, text for Apache out.
//
// What is wanted comes from flags or from wsgictl.toml (package intent). What is
// left out gets the value recommended for the mod_wsgi release in use; what is
// asked for and cannot be had, or cannot be written so that Apache reads back
// exactly that, is an error. The same values give the same bytes.
//
// What a site and a server root both have is one model: [TLS], [Static], [Clients],
// [TrustedProxies], [Requests], [Responses], [Environ], [Proxies], [Logs], [Daemon]
// and [Capacity] are what is declared, and what one template fragment each renders
// into the virtual hosts of a [Site] or into the httpd.conf of a [Server].
//
// The package reads no host and writes no file: what depends on the host, such
// as the locale or the folder of the logs, was filled in.
package templates
