package detect_test

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
)

// throughJSON writes a host and reads it back, refusing what it does not know.
func throughJSON(t *testing.T, host detect.Host) detect.Host {
	t.Helper()
	text, err := json.Marshal(host)
	if err != nil {
		t.Fatal(err)
	}
	var back detect.Host
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&back); err != nil {
		t.Fatal(err)
	}
	return back
}

func TestThisHostGoesThroughJSONWithoutLoss(t *testing.T) {
	t.Parallel()
	host, err := detect.Detect(t.Context(), detect.Request{})
	if err != nil {
		t.Fatal(err)
	}
	if host.Version != detect.SchemaVersion || host.System.OS == "" || len(host.Looked) == 0 {
		t.Errorf("detected next to nothing: %+v", host)
	}
	if diff := cmp.Diff(host, throughJSON(t, host)); diff != "" {
		t.Error(diff)
	}
}

func TestEveryFieldGoesThroughJSON(t *testing.T) {
	t.Parallel()
	var host detect.Host
	fill(reflect.ValueOf(&host).Elem())
	if diff := cmp.Diff(host, throughJSON(t, host)); diff != "" {
		t.Error(diff)
	}
}

// fill gives each field another value than its zero.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("ünïcode \"and\" <quotes>")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(1 << 40)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	default:
		panic("fill does not know " + v.Kind().String())
	}
}

func TestDetectEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := detect.Detect(ctx, detect.Request{}); err == nil {
		t.Error("no error after the context ended")
	}
}
