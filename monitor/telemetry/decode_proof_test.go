package telemetry

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// said is what mod_wsgi-telemetry's decoder reads from a datagram.
type said struct {
	Kind   byte           `json:"kind"`
	PID    int            `json:"pid"`
	Seq    uint32         `json:"seq"`
	Stamp  float64        `json:"stamp"`
	Fields map[uint16]any `json:"fields"` // text as Latin-1
}

// TestReadsWhatUpstreamReads holds Decode against the decoder of mod_wsgi-telemetry
// on the datagrams of its simulator: some thousands, or as many as WSGICTL_SOAK says.
func TestReadsWhatUpstreamReads(t *testing.T) {
	t.Parallel()
	count := 6_000
	if asked, err := strconv.Atoi(os.Getenv("WSGICTL_SOAK")); err == nil {
		count = max(count, asked)
	}
	for datagram, want := range upstream(t, count) {
		d, err := Decode(datagram)
		if err != nil {
			t.Fatalf("%q: %v", datagram, err)
		}
		if d.PID != want.PID || d.Sequence != want.Seq || math.Abs(float64(d.Stamp.UnixNano())/1e9-want.Stamp) > 1e-6 {
			t.Fatalf("header is %d %d %v, want %d %d %v", d.PID, d.Sequence, d.Stamp, want.PID, want.Seq, want.Stamp)
		}
		got := fieldsOf(d.Body)
		for id, value := range want.Fields {
			place, is := got.index[id]
			if !is {
				t.Fatalf("%T has no field %d", d.Body, id)
			}
			if ours := plain(got.record.FieldByIndex(place)); ours != fmt.Sprint(value) {
				t.Fatalf("field %d of %T is %s, want %v", id, d.Body, ours, value)
			}
		}
	}
}

// TestKnowsEachField looks whether each field that mod_wsgi-telemetry knows is in
// the records of the kinds that have it.
func TestKnowsEachField(t *testing.T) {
	t.Parallel()
	output, err := python(t, "-c", "from mod_wsgi.telemetry.wire import FIELDS\nprint(*FIELDS)").Output()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, index := range indexes() {
		for id := range maps.Keys(index) {
			known[fmt.Sprint(id)] = true
		}
	}
	reserved := []string{"35", "36", "37"} // never sent
	for _, id := range strings.Fields(string(output)) {
		if !known[id] && !slices.Contains(reserved, id) {
			t.Errorf("no record has field %s", id)
		}
		delete(known, id)
	}
	for id := range known {
		t.Errorf("mod_wsgi-telemetry does not know field %s", id)
	}
}

func python(t *testing.T, args ...string) *exec.Cmd {
	c := exec.CommandContext(t.Context(), httpdtest.Python, args...)
	c.Env = append(os.Environ(), "PYTHONPATH="+httpdtest.Packages(t, "mod-wsgi-telemetry"))
	c.Stderr = os.Stderr
	return c
}

// upstream are datagrams of the simulator with what upstream's decoder says of them.
func upstream(t *testing.T, count int) func(yield func([]byte, said) bool) {
	return func(yield func([]byte, said) bool) {
		c := python(t, "testdata/datagrams.py", fmt.Sprint(count), "1")
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		frames := bufio.NewReader(out)
		for range count {
			datagram := frame(t, frames)
			var s said
			if err := json.Unmarshal(frame(t, frames), &s); err != nil {
				t.Fatal(err)
			}
			if !yield(datagram, s) {
				break
			}
		}
		if err := c.Wait(); err != nil {
			t.Fatal(err)
		}
	}
}

func frame(t *testing.T, from io.Reader) []byte {
	t.Helper()
	var size uint32
	if err := binary.Read(from, binary.LittleEndian, &size); err != nil {
		t.Fatal(err)
	}
	text := make([]byte, size)
	if _, err := io.ReadFull(from, text); err != nil {
		t.Fatal(err)
	}
	return text
}

// plain is a value as fmt prints what encoding/json makes of upstream's: all numbers
// are floats there, and text is Latin-1.
func plain(v reflect.Value) string {
	switch value := v.Interface().(type) {
	case uint64:
		return fmt.Sprint(float64(value))
	case *float64:
		return fmt.Sprint(*value)
	case []int32:
		numbers := []float64{}
		for _, n := range value {
			numbers = append(numbers, float64(n))
		}
		return fmt.Sprint(numbers)
	case string:
		text := []rune{}
		for _, b := range []byte(value) {
			text = append(text, rune(b))
		}
		return string(text)
	default:
		return fmt.Sprint(value)
	}
}
