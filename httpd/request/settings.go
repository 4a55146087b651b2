package request

import (
	"path"
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Settings are the directives that apply to a request at one point of its way.
type Settings struct {
	Server  *Server
	Request conf.Request
	Client  Client       // that sent it, or what a sample has of one
	Layers  []conf.Layer // sections for places and .htaccess files that apply, or may, outermost first

	branch      *branch         // on which they are asked; nil for a sample
	others      facts           // what else is known of a sample, or of a request whose file is not known yet
	conditions  conditions      // sections with conditions, which are inside of all of these
	given       *conf.Condition // within which the question is asked
	inside      *conf.Directive // the section that is known to apply
	hasHtaccess bool
}

// Sample are the settings of a request as a directive has them that leads to
// something: by is known to be in effect, and the section that it stands in to
// apply. Sections for places that the request does not speak of do not count.
func (s *Server) Sample(q conf.Request, c Client, given *conf.Condition, by *conf.Directive) *Settings {
	set := &Settings{Server: s, Request: q, Client: c, given: given, inside: by}
	places, around, _ := s.SectionLayers(q)
	set.setPlaces(places)
	set.others = facts{
		filename: known(q.File, conf.Undecided{Kind: conf.RequestedFile}), info: expr.Value{Reason: Unknown{Kind: PathInfo}}, query: c.Query, environment: environment{isSample: true},
	}
	set.conditions = set.decide(around, set.others)
	if slices.ContainsFunc(set.Layers, set.isElsewhere) {
		set.Layers = slices.DeleteFunc(slices.Clone(set.Layers), set.isElsewhere) // conditions are decided by all of them
	}
	return set
}

// facts are what httpd tells of a sample, or of a request whose file is not known yet.
func (set *Settings) facts() facts {
	f := set.others
	f.Settings = set
	return f
}

// settle gives a client's request its settings, and the variables that its
// sections for files make of named groups.
func (r located) settle() located {
	set := r.outerSettings()
	places, around, tried := r.server.SectionLayers(r.Request)
	set.branch.spend(tried/sectionsOfStep, nil)
	set.setPlaces(places)
	r.received = r.nameGroups(set, isNoLocation)
	if r.URI != r.named { // as a rule has made it
		r.received = r.nameGroups(set, isLocation)
	}
	set.conditions = set.decide(around, r.facts())
	r.Settings = set
	return r
}

// earlySettings are those before the file of the request is known: of the
// server, and of Location and If sections. The request has the variables that
// these make of named groups.
func (q received) earlySettings() (received, *Settings) {
	set := q.outerSettings()
	places, around, tried := q.server.EarlyLayers(q.Request)
	set.branch.spend(tried/sectionsOfStep, nil)
	set.setPlaces(places)
	q = q.nameGroups(set, isLocation)
	q.named = q.URI
	set.others = facts{query: q.Query, environment: q.environment, isLookup: q.isLookup()}
	set.conditions = set.decide(around, set.others)
	return q, set
}

// outerSettings are those of the server alone.
func (q received) outerSettings() *Settings {
	return &Settings{Server: q.server, Request: q.Request, Client: q.client, branch: q.branch, given: q.server.Given()}
}

func (set *Settings) setPlaces(places []conf.Layer) {
	set.Layers = slices.DeleteFunc(places, set.isNever)
	set.hasHtaccess = slices.ContainsFunc(set.Layers, func(layer conf.Layer) bool { return layer.Htaccess != nil })
}

// areThoseOf tells whether httpd has the same settings for two requests, not only
// alike ones (per_dir_config is one for both): it remembers the sections for a
// folder, those of Files for a file, and those of Location for a URI, and works out
// all others anew, as all with conditions (ap_directory_walk and its kin).
func (set *Settings) areThoseOf(other *Settings) bool {
	if set.hasConditions() || other.hasConditions() || !slices.EqualFunc(set.Layers, other.Layers, areOne) {
		return false
	}
	if set.Request.URI == other.Request.URI && set.Request.File == other.Request.File {
		return true
	}
	return folderOf(set.Request) == folderOf(other.Request) && !slices.ContainsFunc(set.Layers, isOfFileOrURI)
}

// areOne tells whether two layers are of the same section or .htaccess file.
func areOne(a, b conf.Layer) bool {
	return a.Section == b.Section && a.Htaccess == b.Htaccess && a.Holds == b.Holds && a.Reason == b.Reason
}

// folderOf is the folder that the file of a request is in, or is.
func folderOf(r conf.Request) string {
	if r.Folder {
		return path.Clean(r.File)
	}
	return path.Dir(r.File)
}

func (set *Settings) hasConditions() bool {
	return set.conditions.many != nil || len(set.conditions.layers) > 0
}

// isOfFileOrURI tells the sections that are not for folders.
func isOfFileOrURI(layer conf.Layer) bool {
	return layer.Section != nil && layer.Section.Name != "<Directory" && layer.Section.Name != "<DirectoryMatch"
}

func (set *Settings) isNever(layer conf.Layer) bool {
	return layer.Section != nil && set.Server.Httpd.IsNever(layer.Section)
}

// isElsewhere tells whether a section is for places that a sample does not speak
// of: they are samples of their own.
func (set *Settings) isElsewhere(layer conf.Layer) bool {
	section := layer.Section
	if section == nil || set.inside.IsWithin(section) {
		return false
	}
	switch section.Name {
	case "<Location", "<LocationMatch":
		return set.Request.URI == ""
	case "<Directory":
		return set.Request.File == "" && section.Word(0) != "/"
	case "<DirectoryMatch", "<Files", "<FilesMatch":
		return set.Request.File == ""
	}
	return false
}

// lookAt counts lines that are looked at.
func (set *Settings) lookAt(lines int) { set.branch.spend(1+lines/linesOfStep, nil) }

// alikeIn are the directives of a layer that are alike.
func (set *Settings) alikeIn(layer conf.Layer, alike func(*conf.Directive) bool) (found []*conf.Directive) {
	lines := 0
	for d := range layer.Directives() {
		if lines++; alike(d) {
			found = append(found, d)
		}
	}
	set.lookAt(lines)
	return found
}

// Problem is why httpd refuses a .htaccess file on the way to the file, "" for
// none.
func (set *Settings) Problem() string {
	for _, layer := range set.Layers {
		if layer.Htaccess != nil && layer.Htaccess.Problem != "" && layer.Holds == expr.True {
			return layer.Htaccess.Problem
		}
	}
	return ""
}
