package audit

import (
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

func TestTheFirstHostOfEachAddressAnswersAnyName(t *testing.T) {
	t.Parallel()
	hosts := conf.ReadSource("t.conf", "<VirtualHost *:80>\n</VirtualHost>\n<VirtualHost *:81 *:80>\n</VirtualHost>\n<VirtualHost *:80>\n</VirtualHost>\n", conf.Options{}).Servers()[1:]
	first := firstHosts(hosts)
	if !answersAny(hosts[0], first) || !answersAny(hosts[1], first) || answersAny(hosts[2], first) {
		t.Error("not the first virtual host of each address answers any name")
	}
}
