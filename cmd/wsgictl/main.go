// Command wsgictl looks after Python web applications under the Apache HTTP
// Server and mod_wsgi.
package main

import (
	"os"

	"github.com/wsgictl/wsgictl/cli"
)

func main() {
	os.Exit(cli.Main())
}
