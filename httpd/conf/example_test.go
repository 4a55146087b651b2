package conf_test

import (
	"fmt"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

func ExampleReadSource() {
	config := conf.ReadSource("/etc/apache2/site.conf", `
Define site example.com
<VirtualHost *:80>
    ServerName www.${site}
    <IfModule mod_ssl.c>
        SSLEngine Off
    </IfModule>
</VirtualHost>
`, conf.Options{})
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
	tree := conf.Parse("site.conf", "<Location />\n    Require all denied # for now\n</Location>\n")
	for node := range tree.Nodes() {
		if node.Name() == "Require" {
			edited, _ := tree.Apply([]conf.Edit{node.Replace("Require local")})
			fmt.Print(edited)
		}
	}
	// Output:
	// <Location />
	//     Require local
	// </Location>
}
