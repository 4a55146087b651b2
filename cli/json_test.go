package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/monitor"
	"github.com/wsgictl/wsgictl/system"
	"github.com/wsgictl/wsgictl/templates"
)

// TestEveryJSONFieldIsDocumented looks for the names of the fields of each form
// in its page.
func TestEveryJSONFieldIsDocumented(t *testing.T) {
	t.Parallel()
	for page, forms := range map[string][]any{
		"../docs/detect.md":    {detect.Host{}},
		"../docs/effective.md": {effectiveReport{}},
		"../docs/explain.md":   {explained{}},
		"../docs/json.md": {
			build{}, liveReport{}, hostsReport{}, includesReport{}, templates.ModuleConfig{}, express.Recording{},
			[]system.Generation{{}}, monitor.View{}, monitor.AtHand{}, monitor.History{},
		},
	} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range forms {
			for _, name := range fieldNames(reflect.TypeOf(form)) {
				if !strings.Contains(string(text), "`"+name+"`") && !strings.Contains(string(text), "`"+name+"[]`") && !strings.Contains(string(text), `"`+name+`"`) {
					t.Errorf("%s: no %s of %T", page, name, form)
				}
				if strings.ToLower(name) != name || strings.Contains(name, "-") {
					t.Errorf("%T: %s is not in lower case with underscores", form, name)
				}
			}
		}
	}
}

func TestEveryJSONFieldOfAuditIsDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	configuration := filepath.Join(t.TempDir(), "site.conf")
	if err := os.WriteFile(configuration, []byte("WSGIScriptAlias / /srv/shop/app.wsgi\nWSGIDaemonProcess a threads=x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, flags := range [][]string{nil, {"--apps"}, {"--url", "http://shop.example/"}} {
		var out, messages bytes.Buffer
		run(t.Context(), append([]string{"audit", configuration, "--format", "json"}, flags...), &out, &messages)
		var form any
		if err := json.Unmarshal(out.Bytes(), &form); err != nil {
			t.Fatalf("%v: %v\n%s", flags, err, messages.String())
		}
		for _, name := range keysOf(form) {
			if !strings.Contains(string(page), "`"+name+"`") && !strings.Contains(string(page), "`"+name+"[]`") {
				t.Errorf("audit %v: no %s in docs/json.md", flags, name)
			}
		}
	}
}

// keysOf are the names of all fields of a JSON value.
func keysOf(value any) []string {
	var names []string
	switch value := value.(type) {
	case map[string]any:
		for name, inside := range value {
			names = append(append(names, name), keysOf(inside)...)
		}
	case []any:
		for _, inside := range value {
			names = append(names, keysOf(inside)...)
		}
	}
	return names
}

// fieldNames are those of the JSON form of a type and of the types in it.
// What wsgictl keeps of files for itself is none of a reader's business.
func fieldNames(of reflect.Type) []string {
	seen := map[reflect.Type]bool{reflect.TypeFor[system.Managed](): true}
	var names []string
	var walk func(reflect.Type)
	walk = func(of reflect.Type) {
		switch of.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			walk(of.Elem())
		case reflect.Struct:
			if seen[of] || of.PkgPath() == "time" {
				return
			}
			seen[of] = true
			for i := range of.NumField() {
				name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
				if name == "-" || !of.Field(i).IsExported() {
					continue
				}
				if !of.Field(i).Anonymous {
					names = append(names, cmp.Or(name, of.Field(i).Name))
				}
				walk(of.Field(i).Type)
			}
		}
	}
	walk(of)
	return names
}
