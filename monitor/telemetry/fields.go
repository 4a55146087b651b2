package telemetry

import (
	"encoding/binary"
	"math"
	"reflect"
	"strconv"
	"sync"
)

// fields are those of a record, by their numbers.
type fields struct {
	record reflect.Value
	index  map[uint16][]int
}

func fieldsOf(record any) fields {
	v := reflect.ValueOf(record).Elem()
	return fields{v, indexes()[v.Type()]}
}

// indexes are where each field of each record is.
var indexes = sync.OnceValue(func() map[reflect.Type]map[uint16][]int {
	all := map[reflect.Type]map[uint16][]int{}
	for kind := range byte(math.MaxUint8) {
		if record := newBody(kind); record != nil {
			t := reflect.TypeOf(record).Elem()
			all[t] = map[uint16][]int{}
			addFields(all[t], t, 0, nil)
		}
	}
	return all
})

// addFields adds the fields of a struct that stands at this place of a record. Its
// own number, where it has one, is added to theirs.
func addFields(to map[uint16][]int, t reflect.Type, base uint16, place []int) {
	for i := range t.NumField() {
		field := t.Field(i)
		id, err := strconv.ParseUint(field.Tag.Get("id"), 10, 16)
		if err != nil && !field.Anonymous {
			panic("telemetry: " + t.Name() + "." + field.Name + " has no number")
		}
		number, there := base+uint16(id), append(place[:len(place):len(place)], i)
		if field.Type.Kind() == reflect.Struct {
			addFields(to, field.Type, number, there)
		} else {
			to[number] = there
		}
	}
}

// set puts an item into its field. One that the record does not have, or has as
// another type, is passed over: what was never sent is not known either.
func (f fields) set(i item) {
	place, is := f.index[i.id]
	if !is {
		return
	}
	switch to := f.record.FieldByIndex(place).Addr().Interface().(type) {
	case *uint64:
		if i.kind == typeU64 {
			*to = binary.LittleEndian.Uint64(i.raw)
		}
	case *float64:
		if i.kind == typeF64 {
			*to = number(i.raw)
		}
	case **float64:
		if i.kind == typeF64 {
			value := number(i.raw)
			*to = &value
		}
	case *string:
		if i.kind == typeBytes {
			*to = string(i.raw)
		}
	case *[]int32:
		if i.kind == typeI32s {
			*to = decodeAll(i.raw, 4, func(b []byte) int32 { return int32(binary.LittleEndian.Uint32(b)) }) //nolint:gosec // it is signed, as it was sent
		}
	case *[]float64:
		if i.kind == typeF64s {
			*to = decodeAll(i.raw, 8, number)
		}
	}
}

// number is a floating-point number; 0 for what is none, so that no sum and no page
// has to expect it.
func number(raw []byte) float64 {
	f := math.Float64frombits(binary.LittleEndian.Uint64(raw))
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return f
}

func decodeAll[T any](raw []byte, size int, one func([]byte) T) []T {
	all := make([]T, 0, len(raw)/size)
	for ; len(raw) > 0; raw = raw[size:] {
		all = append(all, one(raw))
	}
	return all
}
