package modwsgi

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// refuses reports what mod_wsgi itself has against a value of the kind, as the
// words that follow "want"; "" when Apache starts with it. It asks for less
// than check: mod_wsgi takes "60s" for 60, and any text for a locale.
func (k Kind) refuses(value string, l limits) string {
	want, refused := kinds[k].want, false
	switch k {
	case Count, Seconds, Milliseconds, Bytes:
		return refusesNumber(value, want, l)
	case Nice, Group:
		refused = value == ""
	case User:
		refused = value == ""
		if l.notRoot && isRoot(value) {
			return "an account other than root"
		}
	case Text:
		want, refused = "a name", value == "" && !l.empty
	case Octal:
		n, ok := octal(value)
		refused = !ok || n < 0
	case OnOff:
		refused = !isOneOf(value, "On", "Off")
	case Path:
		refused = l.absolute && !strings.HasPrefix(value, "/")
	case Interval:
		return refusesInterval(value, want, l)
	case Threshold:
		refused = value == "" || leadingFraction(value) < 0
	case HashSeed:
		_, err := strconv.ParseUint(strings.TrimLeft(value, cSpaces), 10, 32)
		refused = value != "random" && err != nil
	case Address:
		refused = !isAddress(value)
	case Socket:
		refused = !strings.HasPrefix(value, "unix:")
	}
	if refused {
		return want
	}
	return ""
}

// refusesNumber is what all numbers are asked: by atoi, so that a text without
// digits is 0.
func refusesNumber(value, want string, l limits) string {
	n := int64(Number(value))
	if l.long {
		n = longNumber(value)
	}
	switch {
	case value == "", n < 0:
		return want
	case n == 0 && l.nought:
		return ""
	case n < l.least && l.nought:
		return fmt.Sprintf("0, or at least %d", l.least)
	case n < l.least:
		return fmt.Sprintf("at least %d", l.least)
	case l.most > 0 && n > l.most:
		return fmt.Sprintf("at most %d", l.most)
	}
	return ""
}

// refusesInterval asks for a whole number of seconds with its fraction, or,
// where there is a least one, for a text that begins with one.
func refusesInterval(value, want string, l limits) string {
	if l.fraction > 0 {
		if leadingFraction(value) < l.fraction {
			return fmt.Sprintf("at least %g", l.fraction)
		}
		return ""
	}
	if n, ok := fraction(value); !ok || n <= 0 {
		return want
	}
	return ""
}

// isRoot tells what ap_uname2id takes for root on any host.
func isRoot(user string) bool {
	number, byNumber := strings.CutPrefix(user, "#")
	return user == "root" || byNumber && Number(number) == 0
}

func isOneOf(word string, words ...string) bool {
	for _, w := range words {
		if strings.EqualFold(word, w) {
			return true
		}
	}
	return false
}

// isAddress tells what wsgi_set_trusted_proxies takes: characters of addresses
// alone, in lower case, that apr_ipsubnet_create understands. Of IPv4 the last
// numbers may be left out where no mask follows, and the mask may be an address.
func isAddress(text string) bool {
	host, mask, masked := strings.Cut(text, "/")
	if strings.Contains(text, ":") {
		ip, err := netip.ParseAddr(host)
		return err == nil && strings.Trim(text, "0123456789abcdef:/") == "" && (!masked || isMask(mask, ip.BitLen()))
	}
	if masked {
		return isIPv4(host) && (isMask(mask, 32) || isIPv4(mask))
	}
	return isPartOfIPv4(host)
}

func isIPv4(text string) bool {
	ip, err := netip.ParseAddr(text)
	return err == nil && ip.Is4()
}

func isMask(text string, most int) bool {
	bits, err := strconv.Atoi(text)
	return err == nil && bits > 0 && bits <= most
}

// isPartOfIPv4 tells an address, or its first numbers.
func isPartOfIPv4(text string) bool {
	numbers := strings.Split(strings.TrimSuffix(text, "."), ".")
	if len(numbers) > 4 {
		return false
	}
	for _, number := range numbers {
		if n, err := strconv.ParseUint(number, 10, 8); err != nil || n > 255 {
			return false
		}
	}
	return true
}
