package installed

import "github.com/wsgictl/wsgictl/httpd/conf"

// CertificateStore is the folder in which mod_md keeps certificates: the one that a
// configuration names (MDStoreDir), else the family's own. It is empty where neither is
// known; a configuration that is nil names none.
func (a Apache) CertificateStore(config *conf.Config) string {
	folder := platformOf(a.Layout).managed
	if config != nil {
		for directive := range config.Directives() {
			if directive.Is("MDStoreDir") && directive.Word(0) != "" {
				folder = directive.Word(0)
			}
		}
	}
	if folder == "" {
		return ""
	}
	return Below(a.ServerRoot, folder)
}
