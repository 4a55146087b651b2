package conf

import "strings"

// checkContext checks the place of a directive as invoke_cmd does. A part of a
// configuration may be meant for any place.
func (r *reader) checkContext(context Context, d *Directive) string {
	switch {
	case d.Parent == nil && r.modules.complete && !r.isHtaccess && context&outsideSections == 0:
		return d.Name + " not allowed here"
	case d.Parent != nil && context&contextOf(d.Parent) == 0:
		return d.Name + " not allowed in " + d.Parent.Name + "> context"
	}
	return ""
}

// outsideSections is what may stand in the main server and in a virtual host.
const outsideSections = (InServer | OverrideAll) &^ (OverrideAuthConfig | OverrideLimit)

// contextOf is what may stand in a section: everything where the section is
// one that only its module knows.
func contextOf(section *Directive) Context {
	for at := section; at != nil; at = at.Parent {
		switch kind, _ := kindOfSection(at); {
		case kind != otherSection:
			return OverrideAll | InDirectory
		case at.Is("<VirtualHost"):
			return outsideSections
		case at.Is("<Proxy"), at.Is("<ProxyMatch"):
			return OverrideAll | InDirectory | InProxy
		case at.Is("<Limit"), at.Is("<LimitExcept"), isRequireSection(at):
			continue
		}
		return ^Context(0)
	}
	return ^Context(0)
}

func isRequireSection(d *Directive) bool {
	return d.Is("<RequireAll") || d.Is("<RequireAny") || d.Is("<RequireNone")
}

// forbiddenSections are the sections that functions of directives refuse to
// stand in, at any depth.
var forbiddenSections = []struct {
	context Context
	names   []string
}{
	{NotInHost, []string{"<VirtualHost"}},
	{NotInDirectory, []string{"<Directory", "<DirectoryMatch"}},
	{NotInLocation, []string{"<Location", "<LocationMatch"}},
	{NotInFiles, []string{"<Files", "<FilesMatch", "<If", "<ElseIf", "<Else"}},
}

// checkSections checks what a directive's own function asks of the sections
// around it (ap_check_cmd_context).
func checkSections(form *DirectiveForm, d *Directive) string {
	if form.Context&(NotInHost|NotInDirectory|NotInLocation|NotInFiles) == 0 {
		return ""
	}
	for _, forbidden := range forbiddenSections {
		if form.Context&forbidden.context == 0 {
			continue
		}
		for _, name := range forbidden.names {
			if d.Within(name) != nil {
				return titleOf(form.Name) + " cannot occur within " + name + "> section"
			}
		}
	}
	return ""
}

// titleOf is a name with the bracket that ends it.
func titleOf(name string) string {
	if strings.HasPrefix(name, "<") {
		return name + ">"
	}
	return name
}

// whereItMayStand is the advice for a directive in a wrong place.
func whereItMayStand(context Context) string {
	var places []string
	if context&outsideSections != 0 {
		places = append(places, "the main server")
		if context&NotInHost == 0 {
			places = append(places, "a virtual host")
		}
	}
	if context&(InDirectory|OverrideAll) != 0 {
		for _, section := range forbiddenSections[1:] {
			if context&section.context == 0 {
				places = append(places, section.names[0]+">")
			}
		}
	}
	if context&InProxy != 0 {
		places = append(places, "<Proxy>")
	}
	if context&OverrideAll != 0 {
		places = append(places, "a .htaccess file")
	}
	last := len(places) - 1
	if last < 1 {
		return "It may stand in " + strings.Join(places, "") + " alone."
	}
	return "It may stand in " + strings.Join(places[:last], ", ") + " and " + places[last] + "."
}
