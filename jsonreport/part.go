package jsonreport

import (
	"bytes"
	"encoding/json"
	"io"
	"iter"
	"runtime"
	"sync"
)

// partSize is how many items are worth a goroutine: some 30 kB of text.
const partSize = 32

// writeItems writes what stands in the brackets of a list whose line is
// indented by before; nothing where there is no item. Parts of the list are
// made side by side and written in their order.
func writeItems[Item, Form any](out io.Writer, items iter.Seq[Item], form func(Item) Form, before string) error {
	parts := make([]*part[Item, Form], runtime.GOMAXPROCS(0)+1) // one of them is being written
	for i := range parts {
		parts[i] = newPart(form, before+step)
		defer parts[i].making.Wait()
	}
	number := 0
	for some := range inParts(items) {
		p := parts[number%len(parts)]
		if err := p.write(out); err != nil {
			return err
		}
		p.start(some, number == 0)
		number++
	}
	for i := range parts {
		if err := parts[(number+i)%len(parts)].write(out); err != nil {
			return err
		}
	}
	if number == 0 {
		return nil
	}
	_, err := io.WriteString(out, "\n"+before)
	return err
}

// inParts are the items, some at a time, in memory that is used again.
func inParts[Item any](items iter.Seq[Item]) iter.Seq[[]Item] {
	return func(yield func([]Item) bool) {
		some := make([]Item, 0, partSize)
		for item := range items {
			if some = append(some, item); len(some) == partSize {
				if !yield(some) {
					return
				}
				some = some[:0]
			}
		}
		if len(some) > 0 {
			yield(some)
		}
	}
}

// part is a part of a list, with its text while that waits to be written.
type part[Item, Form any] struct {
	form   func(Item) Form
	before string // the indent of an item

	items   []Item
	current Form // the one that is written: to hand over each would make a copy of it
	isFirst bool // of the list
	making  sync.WaitGroup
	text    []byte
	err     error

	compact bytes.Buffer // an item as encoding/json writes it
	encoder *json.Encoder
}

func newPart[Item, Form any](form func(Item) Form, before string) *part[Item, Form] {
	p := &part[Item, Form]{form: form, before: before}
	p.encoder = json.NewEncoder(&p.compact)
	p.encoder.SetEscapeHTML(false)
	return p
}

// start begins to make the text of these items.
func (p *part[Item, Form]) start(items []Item, isFirst bool) {
	p.items, p.isFirst = append(p.items[:0], items...), isFirst
	p.making.Go(p.encode)
}

func (p *part[Item, Form]) encode() {
	for i, item := range p.items {
		if i > 0 || !p.isFirst {
			p.text = append(p.text, ',')
		}
		p.text = append(append(p.text, '\n'), p.before...)
		p.compact.Reset()
		p.current = p.form(item)
		if p.err = p.encoder.Encode(&p.current); p.err != nil {
			return
		}
		value := bytes.TrimSuffix(p.compact.Bytes(), []byte("\n")) // that Encode puts behind each value
		p.text = indent(p.text, value, p.before)
	}
}

// write writes the text once it is made.
func (p *part[Item, Form]) write(out io.Writer) error {
	p.making.Wait()
	if p.err != nil {
		return p.err
	}
	_, err := out.Write(p.text)
	p.text = p.text[:0]
	return err
}
