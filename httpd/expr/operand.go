package expr

import (
	"net/netip"
	"net/url"
	"strings"
)

// maxValue is how long a text of several parts may become: as long as httpd lets
// what it puts together of the groups of a match (server/util.c:
// AP_PREGSUB_MAXLEN).
const maxValue = 64 << 10

func (l literal) value(*evaluation) Value { return Value{Text: string(l)} }

func (b backRef) value(e *evaluation) Value {
	if e.groupsReason != nil {
		return Value{Reason: e.groupsReason}
	}
	if int(b) < len(e.groups) {
		return Value{Text: e.groups[b]}
	}
	return Value{}
}

func (c concat) value(e *evaluation) Value {
	var joined strings.Builder
	for _, part := range c {
		value := part.value(e)
		switch {
		case value.Reason != nil:
			return value
		case joined.Len()+len(value.Text) > maxValue:
			return Value{Reason: Beyond{Kind: LongText}}
		}
		joined.WriteString(value.Text)
	}
	return Value{Text: joined.String()}
}

func (v variable) value(e *evaluation) Value { return e.variables.Variable(string(v)) }

func (c callString) value(e *evaluation) Value {
	argument := c.argument.value(e)
	if argument.Reason != nil {
		return argument
	}
	switch c.function {
	case "tolower":
		return Value{Text: lower(argument.Text)}
	case "toupper":
		return Value{Text: upper(argument.Text)}
	case "unescape":
		if unescaped, err := url.PathUnescape(argument.Text); err == nil {
			return Value{Text: unescaped}
		}
	}
	return e.variables.Call(c.function, argument.Text)
}

// matchNetwork is the operator -ipmatch: an address, or one with a prefix
// length or a mask.
func matchNetwork(address, network string) answer {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return answer{Unknown, Beyond{NoAddress, address}}
	}
	if prefix, err := netip.ParsePrefix(network); err == nil {
		return answer{truth: TruthOf(prefix.Contains(ip))}
	}
	if other, err := netip.ParseAddr(network); err == nil {
		return answer{truth: TruthOf(ip == other)}
	}
	return answer{Unknown, Beyond{NoNetwork, network}}
}
