package installer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// parseJSONPage reads a project's page in the form of PEP 691.
func parseJSONPage(text []byte) ([]link, error) {
	var page struct {
		Meta struct {
			Version string `json:"api-version"`
		} `json:"meta"`
		Files []struct {
			Name           string            `json:"filename"`
			URL            string            `json:"url"`
			Hashes         map[string]string `json:"hashes"`
			RequiresPython string            `json:"requires-python"`
			Yanked         json.RawMessage   `json:"yanked"`
		} `json:"files"`
	}
	if err := json.Unmarshal(text, &page); err != nil {
		return nil, err
	}
	if err := knownVersion(page.Meta.Version); err != nil {
		return nil, err
	}
	var links []link
	for _, file := range page.Files {
		yanked, reason := readYanked(file.Yanked)
		links = append(links, link{
			name: file.Name, address: file.URL, sha256: file.Hashes["sha256"],
			requiresPython: file.RequiresPython, yanked: yanked, yankedReason: reason,
		})
	}
	return links, nil
}

// readYanked reads false, true, or the reason.
func readYanked(value json.RawMessage) (yanked bool, reason string) {
	if json.Unmarshal(value, &reason) == nil && reason != "" {
		return true, reason
	}
	return string(bytes.TrimSpace(value)) == "true", ""
}

// knownVersion refuses pages of a later major version, as PEP 629 wants.
func knownVersion(version string) error {
	major, _, _ := strings.Cut(version, ".")
	if major != "" && major != "1" {
		return fmt.Errorf("version %s of the index's interface; only 1 is known", version)
	}
	return nil
}

// parseHTMLPage reads a project's page in the form of PEP 503.
func parseHTMLPage(text []byte) ([]link, error) {
	var links []link
	base := ""
	tokens := html.NewTokenizer(bytes.NewReader(text))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			if errors.Is(tokens.Err(), io.EOF) {
				return links, nil
			}
			return nil, tokens.Err()
		case html.StartTagToken, html.SelfClosingTagToken:
			token := tokens.Token()
			switch attributes := attributesOf(token); token.Data {
			case "base":
				base = attributes["href"]
			case "meta":
				if attributes["name"] == "pypi:repository-version" {
					if err := knownVersion(attributes["content"]); err != nil {
						return nil, err
					}
				}
			case "a":
				if href, ok := attributes["href"]; ok {
					links = append(links, htmlLink(base, href, attributes))
				}
			}
		}
	}
}

func htmlLink(base, href string, attributes map[string]string) link {
	reason, yanked := attributes["data-yanked"]
	if folder, err := url.Parse(base); base != "" && err == nil {
		if address, err := folder.Parse(href); err == nil {
			href = address.String()
		}
	}
	return link{address: href, requiresPython: attributes["data-requires-python"], yanked: yanked, yankedReason: reason}
}

func attributesOf(token html.Token) map[string]string {
	attributes := map[string]string{}
	for _, attribute := range token.Attr {
		attributes[attribute.Key] = attribute.Val
	}
	return attributes
}
