package templates

import (
	"fmt"
	"regexp"
	"sync"
)

// Clients declares how much clients may send, and for how long. The tags are its
// keys in wsgictl.toml and the flags of render; start-server has
// RequestReadTimeout as six options.
type Clients struct {
	LimitRequestBody   *int64 `toml:"limit-request-body" placeholder:"BYTES" max:"9223372036854775807" help:"Largest request body, 0 for any (default: 10485760)."`
	RequestReadTimeout string `toml:"request-read-timeout" express:"-" placeholder:"TIMES" help:"Time for a client to send its request, as Apache's directive takes it (default: header=15-30,MinRate=500 body=15,MinRate=500)."`
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
	}
	return nil
}
