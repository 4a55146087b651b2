package installer

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/installed"
)

// loadPlaces are an Apache of each layout, and where its LoadModule line goes.
var loadPlaces = []struct {
	apache detect.Apache
	want   string
}{
	{
		detect.Apache{Apache: installed.Apache{Layout: installed.Debian, ConfigFile: "/etc/apache2/apache2.conf", Control: "apache2ctl"}},
		"Put these lines into /etc/apache2/mods-available/wsgi_express.load, then run: a2enmod wsgi_express && apache2ctl restart:",
	}, {
		detect.Apache{
			Apache: installed.Apache{Layout: installed.Debian, ConfigFile: "/etc/apache2/apache2.conf", Control: "apache2ctl"},
			Loaded: []detect.Loaded{{Path: "/usr/lib/apache2/modules/mod_wsgi.so", File: "/etc/apache2/mods-enabled/wsgi.load", Line: 1}},
		},
		"Apache loads /usr/lib/apache2/modules/mod_wsgi.so already (/etc/apache2/mods-enabled/wsgi.load:1): take that line away first (a2dismod wsgi).\n" +
			"Put these lines into /etc/apache2/mods-available/wsgi_express.load, then run: a2enmod wsgi_express && apache2ctl restart:",
	}, {
		detect.Apache{
			Apache: installed.Apache{Layout: installed.Debian, ConfigFile: "/etc/apache2/apache2.conf", Control: "/opt/my apache/apache2ctl"},
			Loaded: []detect.Loaded{{Path: "/srv/mod_wsgi.so", File: "/etc/apache2/mods-enabled/my_wsgi.load", Line: 2}},
		},
		"Apache loads /srv/mod_wsgi.so already (/etc/apache2/mods-enabled/my_wsgi.load:2): take that line away first (a2dismod my_wsgi).\n" +
			"Put these lines into /etc/apache2/mods-available/wsgi_express.load, then run: a2enmod wsgi_express && '/opt/my apache/apache2ctl' restart:",
	}, {
		detect.Apache{
			Apache: installed.Apache{Layout: installed.RedHat, ConfigFile: "/etc/httpd/conf/httpd.conf"},
			Loaded: []detect.Loaded{{Path: "/srv/mod_wsgi.so", File: "/etc/httpd/conf.modules.d/10-wsgictl.conf", Line: 3}},
		},
		"wsgictl manages this Apache (/etc/httpd/conf.modules.d/10-wsgictl.conf:3), and \"wsgictl apply\" has it load the module of the virtualenv that a declaration names. Elsewhere these lines load this one:",
	}, {
		detect.Apache{Apache: installed.Apache{Layout: installed.RedHat, ConfigFile: "/etc/httpd/conf/httpd.conf"}},
		"Put these lines into /etc/httpd/conf.modules.d/10-wsgi-python3.conf:",
	}, {
		detect.Apache{Apache: installed.Apache{Layout: installed.SUSE, ConfigFile: "/etc/apache2/httpd.conf"}},
		"Put these lines into /etc/apache2/conf.d/wsgi.conf:",
	}, {
		detect.Apache{Apache: installed.Apache{Layout: installed.Alpine, ConfigFile: "/etc/apache2/httpd.conf"}},
		"Put these lines into /etc/apache2/conf.d/wsgi.conf:",
	}, {
		detect.Apache{Apache: installed.Apache{Layout: installed.FreeBSD, ConfigFile: "/usr/local/etc/apache24/httpd.conf"}},
		"Put these lines into /usr/local/etc/apache24/modules.d/250_mod_wsgi.conf:",
	}, {
		detect.Apache{Apache: installed.Apache{Layout: installed.Arch, ConfigFile: "/etc/httpd/conf/httpd.conf"}},
		"Put these lines into /etc/httpd/conf/httpd.conf, after its other LoadModule lines:",
	}, {
		detect.Apache{
			Apache: installed.Apache{Layout: installed.Source, ConfigFile: "/usr/local/apache2/conf/httpd.conf"},
			Loaded: []detect.Loaded{{Path: "/m.so", File: "/usr/local/apache2/conf/httpd.conf", Line: 60}},
		},
		"Apache loads /m.so already (/usr/local/apache2/conf/httpd.conf:60): take that line away first.\n" +
			"Put these lines into /usr/local/apache2/conf/httpd.conf, after its other LoadModule lines:",
	},
}

func TestWhereToLoadKnowsEachLayout(t *testing.T) {
	t.Parallel()
	for _, test := range loadPlaces {
		if diff := cmp.Diff(test.want, WhereToLoad(&test.apache)); diff != "" {
			t.Error(diff)
		}
	}
}
