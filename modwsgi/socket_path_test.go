package modwsgi

import "testing"

func TestParseSocketPath(t *testing.T) {
	t.Parallel()
	for socket, want := range map[string]SocketPath{
		"/var/run/apache2/wsgi.123.u33.4.sock": {"/var/run/apache2/wsgi", 123, 4},
		"/srv/a.b/wsgi.v2.123.7.4.sock":        {"/srv/a.b/wsgi.v2", 123, 4},
		"/run/wsgi.123.7.sock":                 {},
		"/run/wsgi.x.7.1.sock":                 {},
		"/run/wsgi.123.7.1.socket":             {},
		"":                                     {},
	} {
		if got, is := ParseSocketPath(socket); got != want || is != (want != SocketPath{}) {
			t.Errorf("%s: %+v, %v", socket, got, is)
		}
	}
}
