package cli

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/wsgictl/wsgictl/plural"
	"github.com/wsgictl/wsgictl/system"
)

// certificateLimit is how long apply waits for the first certificates of mod_md. An
// authority takes seconds; where it takes longer, Apache goes on by itself.
const certificateLimit = time.Minute

// awaitCertificates waits for the first certificates of a plan that was carried out, and
// says what has become of them.
func (o *opened) awaitCertificates(ctx context.Context, plan *system.Plan) error {
	if err := o.AwaitCertificates(ctx, plan, certificateLimit); err != nil {
		return fmt.Errorf("the change is made, and the certificates are not in use yet: %w", err)
	}
	sites := map[string]system.Site{}
	for name, site := range plan.Next.Sites {
		if plan.IsAbout(name) {
			sites[name] = site
		}
	}
	reportCertificates(o.streams.stderr, sites, paletteFor(o.streams.stderr))
	return nil
}

// reportCertificates says what there is of the certificates that mod_md looks after.
func reportCertificates(w io.Writer, sites map[string]system.Site, p palette) (fine bool) {
	fine = true
	for _, name := range slices.Sorted(maps.Keys(sites)) {
		certificate, err := sites[name].Managed()
		switch {
		case err != nil:
			fmt.Fprintf(w, "https    %s: %s\n", name, p.red(err.Error()))
		case certificate == nil:
			continue
		case certificate.Until.IsZero():
			fmt.Fprintf(w, "https    %s: %s\n", name, p.red("no certificate yet, so that HTTPS answers with 503; HTTP is served"))
		default:
			fmt.Fprintf(w, "https    %s: %s\n", name, certificateInUse(certificate, p))
		}
		fine = fine && err == nil && !certificate.Until.IsZero() && certificate.Until.After(time.Now()) && certificate.Attempts == 0
		if err == nil {
			reportAttempts(w, certificate)
		}
	}
	return fine
}

func certificateInUse(certificate *system.ManagedCertificate, p palette) string {
	until := certificate.Until.Local().Format(time.DateOnly)
	if certificate.Until.Before(time.Now()) {
		return p.red(fmt.Sprintf("the certificate of %s has expired (%s)", certificate.Issuer, until))
	}
	return p.green(fmt.Sprintf("certificate of %s until %s", certificate.Issuer, until))
}

// reportAttempts says what mod_md is about.
func reportAttempts(w io.Writer, certificate *system.ManagedCertificate) {
	switch {
	case certificate.Waits:
		fmt.Fprintln(w, "         the next one has been obtained; Apache takes it up when it is reloaded")
	case certificate.Attempts > 0:
		fmt.Fprintf(w, "         %s failed: %s\n", plural.Count(certificate.Attempts, "attempt"), certificate.Problem)
		if !certificate.Next.IsZero() {
			fmt.Fprintf(w, "         Apache tries again at %s\n", certificate.Next.Local().Format(time.DateTime))
		}
	case certificate.Until.IsZero():
		fmt.Fprintln(w, "         Apache has not asked since it was reloaded, and does so within a minute or when the last failure is long enough ago; its error log tells of that one (md:error)")
	}
}
