package fix

import (
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// TestFixesThatMakeAnErrorAreRefused holds pairs of texts, before and after fixes,
// against what fixes may do.
func TestFixesThatMakeAnErrorAreRefused(t *testing.T) {
	t.Parallel()
	const alias = "WSGIScriptAlias / /srv/shop/app.wsgi"
	const restricted = "WSGIRestrictEmbedded On\nWSGIDaemonProcess shop\n"
	for name, c := range map[string]struct{ before, after, want string }{
		"fixed":           {alias, "WSGIDaemonProcess shop\n" + alias + " process-group=shop", ""},
		"a new warning":   {"WSGIDaemonProcess shop\n" + alias + " process-group=shop", "WSGIDaemonProcess shop threads=99\n" + alias + " process-group=shop", ""},
		"does not start":  {alias, alias + "\nWSGIDaemonProcess shop thread=1", "[WC200 removed-daemon-option]"},
		"another error":   {"WSGIDaemonProcess shop\n" + alias + " process-group=shop", "WSGIDaemonProcess shop\n" + alias, "[WC101 embedded-mode]"},
		"refused instead": {alias, "WSGIRestrictEmbedded On\n" + alias, "would refuse the requests of /,"},
		"one for another": {restricted + "WSGIScriptAlias /a /srv/a.wsgi\nWSGIScriptAlias /b /srv/b.wsgi process-group=shop",
			restricted + "WSGIScriptAlias /a /srv/a.wsgi process-group=shop\nWSGIScriptAlias /b /srv/b.wsgi", "would refuse the requests of /b,"},
		"error for error":   {"WSGIDaemonProcess two\n" + alias + " process-group=tow", "WSGIDaemonProcess two python-home=/srv/venv/bin\n" + alias + " process-group=two", ""},
		"hidden by another": {"WSGIDaemonProcess shop threads = 1\n" + alias, "WSGIDaemonProcess shop threads=1 python-home=/srv/venv/bin\n" + alias, ""},
	} {
		before, _ := harmOf(viewsOf(c.before))
		_, err := before.checkNotWorse(viewsOf(c.after))
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
}

func viewsOf(text string) []*wsgi.View {
	config := conf.ReadSource("site.conf", text+"\n", conf.Options{Modules: []conf.Module{wsgi.Module(modwsgi.Newest)}})
	return []*wsgi.View{wsgi.Look(config, modwsgi.Newest, nil)}
}
