package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/wsgictl/wsgictl/monitor"
)

// askedMonitor name a monitor that runs, for the commands that ask it.
type askedMonitor struct {
	URL       string `name:"url" default:"http://127.0.0.1:8888" placeholder:"URL" help:"The monitor (default: ${default})."`
	TokenFile string `type:"existingfile" placeholder:"FILE" help:"A file with the token that the monitor wants."`
}

// askLimit is how long the monitor may take; it waits a second for processes.
const askLimit = 10 * time.Second

// maxReport is more than a monitor sends, in bytes.
const maxReport = 64 << 20

// atHand is what the processes of a group have at hand, or those of all where it is empty.
func (f askedMonitor) atHand(ctx context.Context, group string) (monitor.AtHand, error) {
	query := url.Values{}
	if group != "" {
		query.Set("group", group)
	}
	var report monitor.AtHand
	err := f.ask(ctx, "requests", query, &report)
	return report, err
}

// view is what the monitor knows.
func (f askedMonitor) view(ctx context.Context) (monitor.View, error) {
	var view monitor.View
	err := f.ask(ctx, "view", nil, &view)
	return view, err
}

// ask reads what the monitor says of something into an answer.
func (f askedMonitor) ask(ctx context.Context, what string, query url.Values, answer any) error {
	at, err := url.Parse(f.URL)
	if err != nil || at.Host == "" || at.User != nil || at.Scheme != "http" && at.Scheme != "https" {
		return usageError{errors.New("--url: want an address such as http://127.0.0.1:8888, without user and password")}
	}
	at = at.JoinPath("api/v1", what)
	at.RawQuery = query.Encode()
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return usageError{fmt.Errorf("--url %s: %w", f.URL, err)}
	}
	if f.TokenFile != "" {
		token, err := readToken(f.TokenFile)
		if err != nil {
			return err
		}
		r.Header.Set("Authorization", "Bearer "+token)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }} // a monitor sends nobody on
	response, err := client.Do(r)
	if err != nil {
		return fmt.Errorf("ask the monitor at %s: %w; does it run? \"wsgictl monitor\" starts one, --url names another", f.URL, innermost(err))
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
	case http.StatusUnauthorized:
		return fmt.Errorf("ask the monitor at %s: it wants its token; name the file with --token-file", f.URL)
	default:
		return fmt.Errorf("ask the monitor at %s: it answers %s; is it a monitor of this release?", f.URL, response.Status)
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxReport)).Decode(answer); err != nil {
		return fmt.Errorf("ask the monitor at %s: its answer cannot be read: %w", f.URL, err)
	}
	return nil
}
