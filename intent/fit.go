package intent

import (
	"fmt"

	"github.com/wsgictl/wsgictl/templates"
)

// Fit refuses settings of a site that would do nothing on the host, or with the
// daemon process group that serves the site.
func (f Facts) Fit(site templates.Site, daemon templates.Daemon) error {
	switch apache, inactivity := f.Host.Apache, daemon.Settings.Value("inactivity-timeout"); {
	case site.HTTP2 && apache != nil && apache.MPM == "prefork":
		return fmt.Errorf("site %s: http2: mod_http2 does nothing with the MPM prefork, which this Apache has; leave http2 out, or switch Apache to the MPM event", site.Name)
	case len(site.IgnoreActivity) > 0 && (inactivity == "" || inactivity == "0"):
		return fmt.Errorf("site %s: ignore-activity has no effect without inactivity-timeout of its daemon process group %s; name both, or neither", site.Name, daemon.Name)
	}
	return nil
}
