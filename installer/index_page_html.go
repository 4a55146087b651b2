package installer

import (
	"errors"
	"io"

	"golang.org/x/net/html"
)

// readHTML reads a page in the form of PEP 503.
func (p *page) readHTML(body io.Reader) error {
	tokens := html.NewTokenizer(body)
	tokens.SetMaxBuf(maxItemSize)
	based := false
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			return endOfHTML(tokens.Err())
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		var err error
		switch name, _ := tokens.TagName(); string(name) {
		case "base":
			if href, ok := attributesOf(tokens)["href"]; ok && !based { // the first one holds
				based = true
				err = p.rebase(href)
			}
		case "meta":
			if attributes := attributesOf(tokens); attributes["name"] == "pypi:repository-version" {
				err = knownVersion(attributes["content"])
			}
		case "a":
			err = p.addAnchor(tokens)
		}
		if err != nil {
			return err
		}
	}
}

func endOfHTML(err error) error {
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case errors.Is(err, html.ErrBufferExceeded):
		return errLongItem
	}
	return err
}

// rebase changes what addresses are relative to. One that cannot be read is
// ignored, as browsers do.
func (p *page) rebase(href string) error {
	if len(href) > maxAddressSize {
		return errLongItem
	}
	if base, err := p.base.Parse(href); err == nil && (base.Scheme != "file" || p.base.Scheme == "file") {
		p.base = base
	}
	return nil
}

func (p *page) addAnchor(tokens *html.Tokenizer) error {
	var l link
	leads := false
	for more := true; more; {
		var name, value []byte
		name, value, more = tokens.TagAttr()
		switch string(name) {
		case "href":
			l.address, leads = string(value), true
		case "data-requires-python":
			l.requiresPython = string(value)
		case "data-yanked":
			l.yankedReason, l.yanked = string(value), true
		}
	}
	if !leads {
		return nil
	}
	return p.add(l)
}

func attributesOf(tokens *html.Tokenizer) map[string]string {
	attributes := map[string]string{}
	for more := true; more; {
		var name, value []byte
		name, value, more = tokens.TagAttr()
		attributes[string(name)] = string(value)
	}
	return attributes
}
