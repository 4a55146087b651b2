package cli

import (
	"reflect"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/templates"
)

// urlAliases reads "--url-alias URL PATH": a flag of two words, which may be
// given again.
var urlAliases = kong.TypeMapper(reflect.TypeFor[[]templates.Alias](), kong.MapperFunc(
	func(ctx *kong.DecodeContext, target reflect.Value) error {
		var alias templates.Alias
		if err := ctx.Scan.PopValueInto("URL", &alias.URL); err != nil {
			return err
		}
		if err := ctx.Scan.PopValueInto("PATH", &alias.Path); err != nil {
			return err
		}
		target.Set(reflect.Append(target, reflect.ValueOf(alias)))
		return nil
	}))
