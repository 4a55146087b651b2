package system

// tokens are the lines by which the Server header of every response stays as it
// is: mod_wsgi adds its release and Python's to it where nothing says what the
// header holds. What an administrator has said counts.
func (d *declaring) tokens() string {
	for directive := range d.live.Directives() {
		if directive.Is("ServerTokens") && !wholly(d.current.Managed, directive.Source.File.Name) {
			return ""
		}
	}
	return "# The Server header of no response names mod_wsgi and Python because of this.\nServerTokens OS\n"
}
