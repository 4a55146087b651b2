package templates

import (
	"fmt"
	"regexp"
	"sync"
)

// Clients declares how clients speak to Apache: how much they may send, for how
// long, and by which protocol. The tags are its keys in wsgictl.toml and the flags
// of render; start-server has RequestReadTimeout as six options.
type Clients struct {
	LimitRequestBody   *int64 `toml:"limit-request-body" placeholder:"BYTES" max:"9223372036854775807" help:"Largest request body, 0 for any (default: 10485760)."`
	RequestReadTimeout string `toml:"request-read-timeout" express:"-" placeholder:"TIMES" help:"Time for a client to send its request, as Apache's directive takes it (default: header=15-30,MinRate=500 body=15,MinRate=500)."`
	KeepAliveTimeout   *int   `toml:"keep-alive-timeout" placeholder:"SECONDS" help:"How long an idle connection stays open for the client's next request; 0 for not at all (default: Apache's)."`
	HTTP2              bool   `toml:"http2" name:"http2" help:"Speak HTTP/2 too (needs mod_http2)."`
}

// GreatestNumber is the largest that a setting takes which names no other limit: what
// Apache and mod_wsgi read into an int, also when two are added.
const GreatestNumber = 1_000_000_000

// ClosesConnections tells whether each connection is of one request.
func (c Clients) ClosesConnections() bool {
	return c.KeepAliveTimeout != nil && *c.KeepAliveTimeout == 0
}

// modules are those of Apache that this needs.
func (c Clients) modules() []string {
	if c.HTTP2 {
		return []string{"reqtimeout", "http2"}
	}
	return []string{"reqtimeout"}
}

// DefaultRequestBody is the size in bytes of the largest request body where no
// other is asked for.
const DefaultRequestBody int64 = 10 << 20

// withDefaults fills in what was left out.
func (c Clients) withDefaults() Clients {
	setDefault(&c.RequestReadTimeout, "header=15-30,MinRate=500 body=15,MinRate=500")
	setDefault(&c.LimitRequestBody, new(DefaultRequestBody))
	return c
}

var readTimes = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(handshake|header|body)=[0-9]+(-[0-9]+)?(,MinRate=[0-9]+)?( (handshake|header|body)=[0-9]+(-[0-9]+)?(,MinRate=[0-9]+)?)*$`)
})

func (c Clients) check() error {
	switch {
	case !readTimes().MatchString(c.RequestReadTimeout):
		return fmt.Errorf("request-read-timeout %q: want parts such as header=15-30,MinRate=500 with a space between", c.RequestReadTimeout)
	case *c.LimitRequestBody < 0:
		return fmt.Errorf("limit-request-body %d: want bytes, or 0 for any", *c.LimitRequestBody)
	case c.KeepAliveTimeout != nil && (*c.KeepAliveTimeout < 0 || *c.KeepAliveTimeout > GreatestNumber):
		return fmt.Errorf("keep-alive-timeout %d: want seconds up to %d, or 0 for no second request", *c.KeepAliveTimeout, GreatestNumber)
	}
	return nil
}
