package modwsgictl_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// TestRandomConversationsAreThoseWithoutTheModule: requests of random kinds and sizes
// one after another, which arrive in random pieces, and of which some are cut off.
func TestRandomConversationsAreThoseWithoutTheModule(t *testing.T) {
	t.Parallel()
	plain := newEchoing(t)
	plain.Start(plain.LoadModule("6.1.1") + echoingOf(t, plain))
	for name, more := range map[string]string{
		"":          "WSGICtlFolder kept\n",
		"few files": "WSGICtlFolder kept 200000\n",
		"prefork":   "WSGICtlFolder kept\n",
	} {
		with := newEchoing(t)
		if name == "prefork" {
			with.MPM = name
		}
		with.Start(load(t, with) + with.LoadModule("6.1.1") + echoingOf(t, with) + more)
		for seed := range httpdtest.Rounds(t, 15) {
			random := rand.New(rand.NewPCG(uint64(seed), 1))
			text, isWhole := randomConversation(random)
			pieces := inPieces(random, text)
			want, got := answersTo(t, plain, pieces), answersTo(t, with, pieces)
			if !isWhole { // the application runs without the module and finds no end; with it the answer is 400
				last := len(got) - 1
				if last >= 0 && strings.HasPrefix(got[last], "400 ") && last <= len(want) {
					want, got = want[:last], got[:last]
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s, seed %d: without the module\n%q\nwith it\n%q", name, seed, want, got)
			}
		}
	}
}

// randomConversation are some requests; the last one may be cut off.
func randomConversation(random *rand.Rand) (text string, isWhole bool) {
	var b strings.Builder
	for range 1 + random.IntN(4) {
		b.WriteString(randomRequest(random))
	}
	if random.IntN(3) > 0 {
		return b.String() + last, true
	}
	cut := post("/cut", 1+random.IntN(300_000))
	begins := strings.Index(cut, "\r\n\r\n") + 4
	return b.String() + cut[:begins+random.IntN(len(cut)-begins)], false
}

func randomRequest(random *rand.Rand) string {
	size := random.IntN(1 << (1 + random.IntN(19)))
	switch random.IntN(7) {
	case 0:
		return "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"
	case 1:
		return strings.Replace(post("/old", size, "Connection: keep-alive\r\n"), "HTTP/1.1", "HTTP/1.0", 1)
	case 2:
		return post("/expected", size, "Expect: 100-continue\r\n")
	case 3:
		return post("/rewritten", size)
	case 4:
		body := strings.Repeat("x", size)
		return chunked("/chunks", body[:size/2], body[size/2:], "end")
	case 5:
		return post("/files/missing", size)
	default:
		return post("/plain", size)
	}
}

// inPieces are random ones, many of them small.
func inPieces(random *rand.Rand, text string) []string {
	var pieces []string
	for text != "" {
		n := min(len(text), 1+random.IntN(1<<(1+random.IntN(17))))
		pieces, text = append(pieces, text[:n]), text[n:]
	}
	return pieces
}

// answersTo are the answers, each with its status first, to what a client sends and
// then ends.
func answersTo(t *testing.T, s *httpdtest.Server, pieces []string) []string {
	t.Helper()
	connection := dial(t, s).(*net.TCPConn)
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	go func() {
		for _, piece := range pieces {
			if _, err := io.WriteString(connection, piece); err != nil {
				return // the server closed first
			}
		}
		connection.CloseWrite()
	}()
	text, _ := io.ReadAll(connection)
	return strings.Split(varies.ReplaceAllString(string(text), ""), "HTTP/1.1 ")[1:]
}
