package express

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// checkNumbers refuses whole numbers that Apache or mod_wsgi would not take.
func checkNumbers(options Options) error {
	o := reflect.ValueOf(options)
	for _, option := range Table() {
		if option.Kind != reflect.Int {
			continue
		}
		field := o.FieldByIndex(option.index)
		if field.Kind() == reflect.Pointer {
			if field.IsNil() {
				continue
			}
			field = field.Elem()
		}
		switch value := int(field.Int()); {
		case value < option.Min:
			return fmt.Errorf("--%s %d: want at least %d", option.Name, value, option.Min)
		case value > option.Max:
			return fmt.Errorf("--%s %d: want at most %d", option.Name, value, option.Max)
		}
	}
	return nil
}

// limitOf reads one of the tags min and max.
func limitOf(tag string, otherwise int) int {
	if limit, err := strconv.Atoi(tag); err == nil {
		return limit
	}
	return otherwise
}

var hostName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[^\s/:@?#\[\]]+$`) })

// checkWords refuses words that Apache would not take, or that could match
// nothing.
func checkWords(o Options) error {
	for _, check := range []func() error{o.Logs.Check, o.CheckOverrides, o.Requests.Check, o.CheckStatuses} {
		if err := check(); err != nil {
			return fmt.Errorf("--%w", err)
		}
	}
	aliases := strings.Fields(strings.Join(o.ServerAliases, " ")) // as ServerAlias takes several
	for option, names := range map[string][]string{"server-name": {o.ServerName}, "server-alias": aliases} {
		for _, name := range names {
			if name != "" && !hostName().MatchString(name) {
				return fmt.Errorf("--%s %s: want a host name alone, such as www.example.org, without http:// and port", option, name)
			}
		}
	}
	return checkURLPaths(o)
}

// checkURLPaths refuses paths that no request has.
func checkURLPaths(o Options) error {
	paths := map[string][]string{"ssl-verify-client": o.SSLVerifyClient}
	for _, alias := range o.URLAlias {
		paths["url-alias"] = append(paths["url-alias"], alias.URL)
	}
	for _, proxy := range o.ProxyMountPoint {
		paths["proxy-mount-point"] = append(paths["proxy-mount-point"], proxy.URL)
	}
	for option, paths := range paths {
		for _, path := range paths {
			if !strings.HasPrefix(path, "/") {
				return fmt.Errorf("--%s %s: want the path of a URL, which begins with /", option, path)
			}
		}
	}
	return nil
}

// checkAddresses refuses addresses that Apache could not make out when it starts.
func (p *planner) checkAddresses(ctx context.Context) error {
	if name := p.command.Host; name != "" && !isResolved(ctx, name) {
		return fmt.Errorf("--host %s: want an address of this machine, such as 127.0.0.1", name)
	}
	for _, words := range p.command.TrustedProxy {
		for word := range strings.FieldsSeq(words) {
			if !isSubnet(word) && !isResolved(ctx, word) {
				return fmt.Errorf("--trust-proxy %s: want an address or a subnet, such as 10.0.0.0/8", word)
			}
		}
	}
	return nil
}

func isResolved(ctx context.Context, name string) bool {
	if _, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		return true
	}
	_, err := net.DefaultResolver.LookupHost(ctx, name)
	failed := (*net.DNSError)(nil)
	return err == nil || errors.As(err, &failed) && !failed.IsNotFound // what cannot be asked now is Apache's to tell
}

// isSubnet takes what apr_ipsubnet_create does: an address, the beginning of one,
// and either with a number of bits or a mask.
func isSubnet(text string) bool {
	address, mask, masked := strings.Cut(text, "/")
	for strings.Count(address, ".") < 3 && !strings.Contains(address, ":") {
		address += ".0"
	}
	parsed, err := netip.ParseAddr(address)
	if err != nil || !masked {
		return err == nil
	}
	if _, err := netip.ParseAddr(mask); err == nil {
		return parsed.Is4()
	}
	bits, err := strconv.Atoi(mask)
	return err == nil && bits > 0 && bits <= parsed.BitLen()
}

var (
	bareWords = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\w:=.+,* -]+$`) })
	host      = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\w.:-]+$`) })
)

func checkValues(o Options) error {
	for name, value := range map[string]*float64{
		"initial-workers": o.InitialWorkers, "minimum-spare-workers": o.MinimumSpareWorkers, "maximum-spare-workers": o.MaximumSpareWorkers,
	} {
		if value != nil && (*value < 0 || *value > 1) {
			return fmt.Errorf("--%s %g: want a fraction from 0 to 1", name, *value)
		}
	}
	for _, words := range o.TelemetryOptions {
		if !bareWords().MatchString(words) {
			return fmt.Errorf("--telemetry-options %q: want words", words)
		}
	}
	switch {
	case o.Host != "" && !host().MatchString(o.Host):
		return fmt.Errorf("--host %q: want an address", o.Host)
	case !oneOf(o.AuthType, "basic", "digest"):
		return fmt.Errorf("--auth-type %s: want Basic or Digest", o.AuthType)
	case o.DebuggerStartup && !o.EnableDebugger:
		return errors.New("--debugger-startup needs --enable-debugger")
	case o.EmbeddedMode && o.debugging():
		return errors.New("--embedded-mode: debug mode has an application process of its own; leave one out")
	}
	return nil
}

func oneOf(value string, wanted ...string) bool {
	for _, w := range wanted {
		if strings.EqualFold(value, w) {
			return true
		}
	}
	return false
}
