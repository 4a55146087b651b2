package telemetry

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"testing"
	"time"
)

// datagram is one with this header and these bytes of items.
func datagram(kind byte, items ...byte) []byte {
	d := append([]byte("WSGI"), 1, kind, 0, 0)
	d = binary.LittleEndian.AppendUint32(d, 77)
	d = binary.LittleEndian.AppendUint32(d, 5)
	d = binary.LittleEndian.AppendUint64(d, math.Float64bits(1.5e9))
	return append(d, items...)
}

func TestDecode(t *testing.T) {
	t.Parallel()
	group := []byte{6, 0, 4, 4, 0, 's', 'h', 'o', 'p'}
	nan := binary.LittleEndian.AppendUint64([]byte{10, 0, 2}, math.Float64bits(math.NaN()))
	for _, test := range []struct {
		name string
		text []byte
		err  string // "" for none
		want func(Datagram) bool
	}{
		{"started", datagram(5, group...), "", func(d Datagram) bool { return d.Body.(*Started).Group == "shop" && d.PID == 77 && d.Sequence == 5 }},
		{"its time", datagram(5), "", func(d Datagram) bool { return d.Stamp.Equal(time.Unix(1.5e9, 0)) }},
		{"a kind of a newer release", datagram(33, group...), "", func(d Datagram) bool { return d.Body == nil && d.PID == 77 }},
		{"an item of a newer release", datagram(5, append([]byte{99, 1, 4, 1, 0, 'x'}, group...)...), "", func(d Datagram) bool { return d.Body.(*Started).Group == "shop" }},
		{"an item of another type", datagram(5, 6, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8), "", func(d Datagram) bool { return d.Body.(*Started).Group == "" }},
		{"no number", datagram(2, nan...), "", func(d Datagram) bool { return d.Body.(*Requests).Period == 0 }},
		{"what came before the damage", datagram(5, append(group, 1, 0)...), "telemetry datagram: cut off at byte 33", func(d Datagram) bool { return d.Body.(*Started).Group == "shop" }},
		{"an unknown type", datagram(5, 1, 0, 9, 0), "telemetry datagram: item 1 at byte 24 has type 9, which is not known", nil},
		{"longer than the rest", datagram(2, 110, 0, 5, 255, 255, 0), "telemetry datagram: item 110 at byte 24 is longer than what is left", nil},
		{"without its length", datagram(2, 110, 0, 5, 255), "telemetry datagram: item 110 is cut off at byte 24", nil},
		{"empty", nil, "not a telemetry datagram of mod_wsgi: 0 bytes without its header", nil},
		{"something else", bytes.Repeat([]byte("x"), 40), "not a telemetry datagram of mod_wsgi: 40 bytes without its header", nil},
		{"too long", datagram(2, make([]byte, MaxSize)...), "not a telemetry datagram of mod_wsgi: 65560 bytes", nil},
		{"another version", bytes.Replace(datagram(5), []byte{'I', 1}, []byte{'I', 2}, 1), "telemetry datagram of version 2: want 1", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d, err := Decode(test.text)
			if got := message(err); got != test.err {
				t.Errorf("error %q, want %q", got, test.err)
			}
			if test.want != nil && !test.want(d) {
				t.Errorf("%+v, %+v", d, d.Body)
			}
		})
	}
	if _, err := Decode(nil); !errors.Is(err, ErrNotTelemetry) {
		t.Errorf("%v is not ErrNotTelemetry", err)
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// FuzzDecode looks whether hostile bytes can do more than be an error.
func FuzzDecode(f *testing.F) {
	f.Add(datagram(5, 6, 0, 4, 4, 0, 's', 'h', 'o', 'p'))
	f.Add(datagram(2, 110, 0, 5, 1, 0, 1, 2, 3, 4))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := Decode(text)
		if err == nil && d.Body == nil && newBody(text[5]) != nil {
			t.Errorf("%q: neither record nor error", text)
		}
		if requests, is := d.Body.(*Requests); is && len(requests.ThreadBusy)*8 > len(text) {
			t.Errorf("%d threads from %d bytes", len(requests.ThreadBusy), len(text))
		}
	})
}

func TestQuantile(t *testing.T) {
	t.Parallel()
	buckets := make([]uint64, Buckets)
	if _, is := Quantile(buckets, 0.5); is {
		t.Error("a time of no requests")
	}
	buckets[0], buckets[8], buckets[64] = 50, 49, 1 // up to 1.25 ms, 4 to 5 ms, more than 65 s
	for part, want := range map[float64]float64{0.25: 0.000625, 0.5: 0.00125, 0.99: 0.005, 1: 65.536} {
		if got, _ := Quantile(buckets, part); math.Abs(got-want) > 1e-9 {
			t.Errorf("quantile %g is %g, want %g", part, got, want)
		}
	}
}
