package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/system"
)

// showEdits is reportEdits for a plan.
func (o *opened) showEdits(plan *system.Plan) error {
	shown := plan.Next
	shown.Managed, shown.Sites = plan.Managed, plan.SitesWithoutCertificate()
	_, err := o.reportEdits(o.streams.stderr, shown, paletteFor(o.streams.stderr))
	return err
}

// reportEdits says what is on top of what is declared: the patches of persons, and
// what certbot serves. It is not fine where certbot serves what was declared
// before.
func (o *opened) reportEdits(w io.Writer, g system.Generation, p palette) (fine bool, err error) {
	patches, err := o.Patches(g.Managed)
	if err != nil {
		return false, err
	}
	for _, patch := range patches {
		fmt.Fprintf(w, "patch    %s of %s, on top of what is declared:\n", patch.Name, patch.Path)
		for line := range strings.Lines(patch.Diff) {
			fmt.Fprintf(w, "         %s", line)
		}
	}
	fine = true
	for _, c := range o.CertbotCopies(g) {
		fmt.Fprintf(w, "certbot  serves HTTPS for %s with %s, from %s; to declare that instead: wsgictl apply --take-certificate --file %s\n",
			c.Site, c.Certificate, c.File, detect.ShellArgument(g.Sites[c.Site].File))
		if c.Stale {
			fine = false
			fmt.Fprintf(w, "         %s\n", p.red("it is a copy of the site as it was: what was declared since is not served by HTTPS"))
		}
	}
	return fine, nil
}
