package jsonreport_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/jsonreport"
)

type report struct {
	Note  string `json:"note"`
	Runs  []run  `json:"runs"`
	Count int    `json:"count"`
}

type run struct {
	Items []item `json:"items"`
	After string `json:"after"`
}

type item struct {
	Text  string   `json:"text"`
	Lines []string `json:"lines"`
}

func asIs(i item) item { return i }

// TestListIsWrittenAsTheWholeReportWouldBe holds each report against the one
// that encoding/json makes of all of it.
func TestListIsWrittenAsTheWholeReportWouldBe(t *testing.T) {
	t.Parallel()
	many := slices.Repeat([]item{{Text: "a", Lines: []string{"b"}}, {Text: strings.Repeat("long ", 1000)}}, 1000)
	for i := range many {
		many[i].Lines = append(many[i].Lines, strconv.Itoa(i)) // each another one
	}
	for name, items := range map[string][]item{
		"many items": many,
		"no items":   {},
		"one item":   {{Text: "<a> & \"b\"\n", Lines: []string{}}},
		"marks":      {{Text: `\"{[,:]}\`, Lines: []string{`\`, `"`, `\\"`, "{}", "[]", "\x00\u2028"}}},
		"some items": {{Text: `"items": []`, Lines: []string{"x", "y"}}, {Text: "\xff"}, {Lines: []string{""}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := func(items []item) report {
				return report{Note: `"items": []`, Runs: []run{{Items: items, After: "<end>"}}, Count: 3}
			}
			var want, got strings.Builder
			if err := jsonreport.Write(&want, whole(items)); err != nil {
				t.Fatal(err)
			}
			if err := jsonreport.WriteList(&got, whole([]item{}), "items", slices.Values(items), asIs); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want.String(), got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// full is a disk without room.
type full struct{ err error }

func (f full) Write([]byte) (int, error) { return 0, f.err }

func TestListThatCannotBeWrittenIsAnError(t *testing.T) {
	t.Parallel()
	want := errors.New("no space left on device")
	err := jsonreport.WriteList(full{want}, run{Items: []item{}}, "items", slices.Values([]item{{Text: strings.Repeat("x", 1<<17)}}), asIs)
	if !errors.Is(err, want) {
		t.Errorf("error %v, want %v", err, want)
	}
	if err := jsonreport.WriteList(&strings.Builder{}, run{}, "items", slices.Values([]item{}), asIs); err == nil {
		t.Error("no error for an envelope whose list is null")
	}
}

// TestLongListIsWrittenWhileItIsMade makes a list that never stands in memory
// as a whole.
func TestLongListIsWrittenWhileItIsMade(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	const items = 50_000
	numbers := func(yield func(int) bool) {
		for i := range items {
			if i == items/2 && out.Len() == 0 {
				t.Error("nothing is written when half of the list is made")
			}
			if !yield(i) {
				return
			}
		}
	}
	if err := jsonreport.WriteList(&out, struct {
		Numbers []int `json:"numbers"`
	}{[]int{}}, "numbers", numbers, func(i int) int { return i }); err != nil {
		t.Fatal(err)
	}
}
