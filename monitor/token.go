package monitor

import (
	"errors"
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/trust"
)

// shortestToken is what nobody guesses, in characters.
const shortestToken = 16

// ErrWeakToken is what ReadToken wraps for a token that is too short.
var ErrWeakToken = errors.New("the token is too short")

// ReadToken reads the file of a token, whose lines have blanks around them.
func ReadToken(path string) (string, error) {
	const limit = 4096
	text, err := trust.ReadFile(path, limit)
	if err != nil {
		return "", fmt.Errorf("read the token: %w", err)
	}
	token := strings.TrimSpace(string(text))
	if len(token) < shortestToken {
		return "", fmt.Errorf("%s: %w: want %d characters at least, such as: openssl rand -hex 32", path, ErrWeakToken, shortestToken)
	}
	return token, nil
}
