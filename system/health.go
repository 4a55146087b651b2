package system

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
)

// patience is how long a site may be answered wrongly by a configuration that Apache
// has just taken up before it counts as one that cannot work.
const patience = 3 * time.Second

// The pauses between two questions grow, since each costs the application and its log.
const (
	firstPause = 50 * time.Millisecond
	lastPause  = time.Second
)

// Health asks every site of a generation until each is served by this very
// configuration, which Apache has just taken up, or until the limit has passed. The error
// names those that are not served, and why.
func (a *Apache) Health(ctx context.Context, g Generation, limit time.Duration) error {
	config, err := a.Read()
	if err != nil {
		return err
	}
	troubles := a.askAll(ctx, config, g, limit, false)
	var all []error
	for _, name := range slices.Sorted(maps.Keys(troubles)) {
		if errors.Is(troubles[name], errStopped) {
			return a.stopped()
		}
		all = append(all, troubles[name])
	}
	return errors.Join(all...)
}

// Ask asks every site of a generation that should be served already, and no more often
// than is needed to know. It gives what is wrong with those that are not, by their names.
func (m Manager) Ask(ctx context.Context, g Generation) (troubles map[string]error, err error) {
	config, err := m.live()
	if err != nil {
		return nil, err
	}
	return m.askAll(ctx, config, g, 2*time.Second+time.Duration(len(g.Sites))*50*time.Millisecond, true), nil
}

// askAll asks every site on this host, with its own name in the Host header, whether each
// address is answered by this very configuration, in daemon mode.
func (a *Apache) askAll(ctx context.Context, config *conf.Config, g Generation, limit time.Duration, served bool) (troubles map[string]error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	addresses, probed, gone := listens(config, nil), probedSites(config), a.Watch()
	var group sync.WaitGroup
	var lock sync.Mutex
	failed := map[string][]error{}
	for name, site := range g.Sites {
		for _, check := range a.checks(name, site) {
			group.Go(func() {
				p := probe{Check: check, mark: g.Mark, served: served, addresses: addresses, config: config, gone: gone}
				if probed[name] {
					p.site = name
				}
				if err := p.await(ctx); err != nil {
					lock.Lock()
					defer lock.Unlock()
					failed[name] = append(failed[name], fmt.Errorf("site %s: %s: %w%s", name, check.URL, err, lastLines(site.Logs)))
				}
			})
		}
	}
	group.Wait()
	troubles = map[string]error{}
	for name, all := range failed {
		slices.SortFunc(all, func(a, b error) int { return cmp.Compare(a.Error(), b.Error()) })
		troubles[name] = errors.Join(all...)
	}
	return troubles
}

// stopped is the error of an Apache that is gone, with what its log says last.
func (a *Apache) stopped() error {
	return fmt.Errorf("%w; its error log says why%s", errStopped, a.lastOfErrorLog())
}

// A probe asks one address.
type probe struct {
	Check
	mark      string
	served    bool   // whether it should be served already
	site      string // that the answer has to name; empty where its virtual host does not
	addresses []listenAddress
	config    *conf.Config
	gone      func() bool // whether Apache runs no more
}

// errWrong is an answer that waiting will hardly change: the configuration is the
// right one.
var errWrong = errors.New("wrong answer")

// errNoAnswer is what passes while Apache starts, or is started again.
var errNoAnswer = errors.New("no answer")

// errStopped is an Apache that nobody needs to wait for.
var errStopped = errors.New("Apache stopped when it took the configuration up")

func (p probe) await(ctx context.Context) error {
	var last error
	var failing time.Time
	pause := firstPause
	for {
		err := p.ask(ctx)
		if err == nil {
			return nil
		}
		if p.gone() {
			return errStopped
		}
		if ctx.Err() != nil && last != nil {
			return last // and not that the limit cut the last question short
		}
		last = err
		switch {
		case !p.stays(err):
			failing = time.Time{}
		case failing.IsZero(): // the right one from now on, which may need a moment
			failing, pause = time.Now(), firstPause
		case p.served || time.Since(failing) > patience: // asked twice, for a reload of Apache's own fails requests
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
			pause = min(2*pause, lastPause)
		}
	}
}

// stays tells what waiting will hardly change.
func (p probe) stays(err error) bool {
	return errors.Is(err, errWrong) || p.served && !errors.Is(err, errNoAnswer)
}

// ask asks once.
func (p probe) ask(ctx context.Context) error {
	address, err := url.Parse(p.URL)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL, nil)
	if err != nil {
		return err
	}
	request.Header.Set(templates.ProbeHeader, p.mark)
	request.Header.Set("User-Agent", "wsgictl")
	response, err := p.transport(address).RoundTrip(request)
	if err != nil {
		return p.unanswered(ctx, err)
	}
	defer response.Body.Close()
	return p.judge(response)
}

// unanswered says why there was no answer.
func (p probe) unanswered(ctx context.Context, err error) error {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return errors.New("the command was stopped before there was an answer")
	case ctx.Err() != nil:
		return fmt.Errorf("%w within the time that the site has for it", errNoAnswer)
	}
	return fmt.Errorf("%w: %s", errNoAnswer, inWords(err))
}

// judge says what is wrong with an answer.
func (p probe) judge(response *http.Response) error {
	daemon := response.Header.Get(templates.DaemonHeader)
	daemon, ours := strings.CutSuffix(daemon, p.suffix())
	switch {
	case daemon == "":
		return errors.New("the configuration from before still answers")
	case !ours:
		return fmt.Errorf("%w: status %d, %s answers instead", errWrong, response.StatusCode, p.otherHost())
	case p.Managed && (isFallback(response) || redirectsToHTTPS(response)):
		return nil
	case isFallback(response):
		return errors.New("there is no certificate yet")
	case p.Daemon == "" && response.StatusCode/100 != 3:
		return fmt.Errorf("want a redirect to HTTPS, got status %d", response.StatusCode)
	case p.Daemon == "":
		return nil
	case daemon != p.Daemon:
		return fmt.Errorf("%w: status %d, not answered by daemon %s but by something else of Apache: an alias, or a rule that denies access", errWrong, response.StatusCode, p.Daemon)
	case response.StatusCode >= http.StatusInternalServerError:
		return fmt.Errorf("%w: the application fails with status %d", errWrong, response.StatusCode)
	}
	return nil
}

// suffix is what the site's virtual host adds to the name of the daemon.
func (p probe) suffix() string {
	if p.site == "" {
		return ""
	}
	return " " + p.site
}

// otherHost says who answers where the site's virtual host does not.
func (p probe) otherHost() string {
	if other, err := answering(p.config, p.URL); err == nil && other != nil && siteOf(other) != p.site {
		return hostAt(other, p.URL)
	}
	return "another virtual host"
}

// transport connects to this host whatever the name in the address, and takes
// any certificate: the certificate of the site is not for "localhost".
func (p probe) transport(address *url.URL) *http.Transport {
	host := "127.0.0.1"
	for _, listening := range p.addresses {
		if listening.port == address.Port() && listening.host != "" {
			host = listening.host
		}
	}
	return &http.Transport{
		DisableKeepAlives: true,                                                                  // each connection meets a process of now
		TLSClientConfig:   &tls.Config{ServerName: address.Hostname(), InsecureSkipVerify: true}, //nolint:gosec // it is this host
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort(host, address.Port()))
		},
	}
}

// lastLines are the newest lines of logs, for an error message.
func lastLines(logs []string) string {
	var text strings.Builder
	for _, log := range logs {
		content, err := trust.ReadEnd(log, 4096)
		if err != nil || len(content) == 0 {
			continue
		}
		lines := strings.Split(strings.TrimSpace(string(content)), "\n")
		lines = lines[max(0, len(lines)-5):]
		fmt.Fprintf(&text, "\n  %s ends with:\n    %s", log, strings.Join(lines, "\n    "))
	}
	return text.String()
}

// lastOfErrorLog are the newest lines of the main server's error log.
func (a *Apache) lastOfErrorLog() string {
	config, err := a.Read()
	if err != nil {
		return ""
	}
	return lastLines([]string{installed.ErrorLog(config.Servers()[0])})
}
