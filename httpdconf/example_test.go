package httpdconf_test

import (
	"fmt"

	"github.com/wsgictl/wsgictl/httpdconf"
)

func ExampleReadSource() {
	config := httpdconf.ReadSource("/etc/apache2/site.conf", `
Define site example.com
<VirtualHost *:80>
    ServerName www.${site}
    <IfModule mod_ssl.c>
        SSLEngine Off
    </IfModule>
</VirtualHost>
`, httpdconf.Options{})
	for directive := range config.All() {
		fmt.Printf("%v: %s %s\n", directive.Pos(), directive.Name, directive.Args)
		if directive.Unknown != nil {
			fmt.Println("  perhaps:", directive.Unknown.Reason)
		}
	}
	// Output:
	// /etc/apache2/site.conf:3:1: <VirtualHost *:80>
	// /etc/apache2/site.conf:4:5: ServerName www.example.com
	// /etc/apache2/site.conf:6:9: SSLEngine Off
	//   perhaps: whether module mod_ssl.c is loaded is not in this part of the configuration
}

func ExampleParse() {
	tree := httpdconf.Parse("site.conf", "<Location />\n    Require all denied # for now\n</Location>\n")
	for node := range tree.Nodes() {
		if node.Name() == "Require" {
			edited, _ := tree.Apply([]httpdconf.Edit{node.Replace("Require local"), node.InsertBefore("# only from here")})
			fmt.Print(edited)
		}
	}
	// Output:
	// <Location />
	//     # only from here
	//     Require local
	// </Location>
}

func ExampleServer_Settings() {
	config := httpdconf.ReadSource("httpd.conf", `
SetHandler none
<Directory /srv/app>
    SetHandler app
</Directory>
<VirtualHost *:80>
    ServerName example.com
    <Location /plain>
        SetHandler default-handler
    </Location>
</VirtualHost>
`, httpdconf.Options{})
	server, _, _ := config.ServerFor("example.com", 80)
	for _, uri := range []string{"/", "/plain/file"} {
		settings := server.Settings(httpdconf.Request{URI: uri, File: "/srv/app/file"}, "SetHandler")
		last := settings[len(settings)-1]
		fmt.Println(uri, last.Word(0), last.Pos(), last.Holds)
	}
	// Output:
	// / app httpd.conf:4:5 true
	// /plain/file default-handler httpd.conf:9:9 true
}
