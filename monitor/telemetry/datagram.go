package telemetry

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"
)

// MaxSize is how long a datagram may be, in bytes. mod_wsgi's own buffer has 8192.
const MaxSize = 1 << 16

// Datagram is one record that a process sent about itself.
type Datagram struct {
	PID      int       // as the sender says; it may lie
	Sequence uint32    // counts all records of a process from 1; a gap is a record that was lost
	Stamp    time.Time // when the process started for *Started, else when it was sent
	Body     any       // a pointer to one of the types of records.go; nil for a kind that is not known
}

// version is the only one that any release of mod_wsgi sends.
const version = 1

const headerSize = 24

// ErrNotTelemetry is what Decode gives for bytes that are no datagram of mod_wsgi.
var ErrNotTelemetry = errors.New("not a telemetry datagram of mod_wsgi")

// Decode reads one datagram. Items and kinds that it does not know are passed over,
// since newer releases add some. The error says at which byte the datagram is
// damaged; it wraps ErrNotTelemetry where it is none at all.
func Decode(text []byte) (Datagram, error) {
	switch {
	case len(text) > MaxSize:
		return Datagram{}, fmt.Errorf("%w: %d bytes", ErrNotTelemetry, len(text))
	case len(text) < headerSize || !bytes.HasPrefix(text, []byte("WSGI")):
		return Datagram{}, fmt.Errorf("%w: %d bytes without its header", ErrNotTelemetry, len(text))
	case text[4] != version:
		return Datagram{}, fmt.Errorf("telemetry datagram of version %d: want %d", text[4], version)
	}
	d := Datagram{
		PID:      int(binary.LittleEndian.Uint32(text[8:])),
		Sequence: binary.LittleEndian.Uint32(text[12:]),
		Stamp:    Instant(math.Float64frombits(binary.LittleEndian.Uint64(text[16:]))),
		Body:     newBody(text[5]),
	}
	if d.Body == nil {
		return d, nil
	}
	return d, readItems(text, d.Body)
}

// Instant is the time of so many seconds since 1970, which is how records have it.
// What no clock shows is the zero time.
func Instant(seconds float64) time.Time {
	if !(seconds > 0 && seconds < math.MaxInt32*4) {
		return time.Time{}
	}
	whole, part := math.Modf(seconds)
	return time.Unix(int64(whole), int64(part*1e9)).UTC()
}

// readItems puts each item behind the header where the body wants it. Of a damaged
// datagram the items before the damage are kept.
func readItems(text []byte, body any) error {
	to := fieldsOf(body)
	for at := headerSize; at < len(text); {
		item, next, err := readItem(text, at)
		if err != nil {
			return err
		}
		to.set(item)
		at = next
	}
	return nil
}

// item is one value of a datagram.
type item struct {
	id   uint16
	kind byte
	raw  []byte // without its length
}

// Types of items: WSGI_METRICS_T_*.
const (
	typeU64 byte = 1 + iota
	typeF64
	typeI64
	typeBytes
	typeI32s
	typeF64s
)

// elementSize is that of a list, in bytes.
var elementSize = [...]int{typeBytes: 1, typeI32s: 4, typeF64s: 8}

// readItem reads the item at this byte, and says where the next one begins.
func readItem(datagram []byte, at int) (item, int, error) {
	rest := datagram[at:]
	if len(rest) < 3 {
		return item{}, 0, fmt.Errorf("telemetry datagram: cut off at byte %d", at)
	}
	i := item{id: binary.LittleEndian.Uint16(rest), kind: rest[2]}
	size, length := 8, 0
	switch i.kind {
	case typeU64, typeF64, typeI64:
	case typeBytes, typeI32s, typeF64s:
		if len(rest) < 5 {
			return item{}, 0, fmt.Errorf("telemetry datagram: item %d is cut off at byte %d", i.id, at)
		}
		length = 2
		size = int(binary.LittleEndian.Uint16(rest[3:])) * elementSize[i.kind]
	default:
		return item{}, 0, fmt.Errorf("telemetry datagram: item %d at byte %d has type %d, which is not known", i.id, at, i.kind)
	}
	end := 3 + length + size
	if len(rest) < end {
		return item{}, 0, fmt.Errorf("telemetry datagram: item %d at byte %d is longer than what is left", i.id, at)
	}
	i.raw = rest[3+length : end]
	return i, at + end, nil
}
