package modwsgi_test

import (
	"fmt"

	"github.com/wsgictl/wsgictl/modwsgi"
)

func ExampleRecommended() {
	settings, err := modwsgi.Recommended(modwsgi.MustParseRelease("6.1.1"), 5, modwsgi.DefaultRecovery)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range settings {
		if s.Name == "request-timeout" {
			fmt.Printf("%s=%s # %s\n", s.Name, s.Value, s.Reason)
		}
	}
	// Output: request-timeout=69 # a process whose threads are all stuck, or held by slow clients, is replaced: fires after 69 × (1 + ln 5) = 180 s
}

func ExampleLookupDaemonOption() {
	_, err := modwsgi.LookupDaemonOption("interrupt-timeout", modwsgi.MustParseRelease("4.9.4"))
	fmt.Println(err)
	_, err = modwsgi.LookupDaemonOption("quene-timeout", modwsgi.Newest)
	fmt.Println(err)
	// Output:
	// interrupt-timeout needs mod_wsgi 6.0.0, this is 4.9.4
	// unknown option quene-timeout: did you mean queue-timeout?
}

func ExampleExplain() {
	m := modwsgi.Explain([]byte("Timeout when reading response headers from daemon process 'shop': /srv/shop.wsgi"), "")
	fmt.Println(m.ID, m.Severity)
	// Output: WSGI0145 failing
}

func ExampleFit() {
	_, err := modwsgi.Fit(modwsgi.MustParseRelease("6.1.1"), "3.9.18", "2.4.62")
	fmt.Println(err)
	// Output: mod_wsgi 6.1.1 does not fit: mod_wsgi 6 needs Python 3.10 or later
}
