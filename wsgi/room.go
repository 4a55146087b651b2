package wsgi

import (
	"cmp"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// Entry points multiply: each virtual host inherits all aliases, handlers and sections
// of the main server, and each section may be for a part of each alias. A text of 100 KB
// can say a million of them. So a server has room for as many as its own text has and
// for some more; where they are more, one entry that is left to the request stands for
// all those that are not told apart.
const (
	roomForOwn = 16      // for each directive of the server's own, and for the server
	roomForAll = 1 << 15 // for all servers together, each the same
)

// roomFor is how many entry points, other than those that stand in the text of a
// server as they are, are told apart of it.
func (v *View) roomFor(s *Server) int {
	own := len(s.Aliases) + len(s.handling.all()) + s.deciding.size()
	return roomForOwn*(1+own) + roomForAll/len(v.Servers)
}

// takeRoom tells whether there is room for one more. The first time that there is
// none it adds the entry that stands for all others: by what leads there, and an alias
// where that is one.
func (i *inventory) takeRoom(by *conf.Directive, sample part, aliases ...*Alias) bool {
	switch {
	case i.room > 0:
		i.room--
		return true
	case i.room < 0:
		return false
	}
	i.room = -1
	sample.uri, sample.file = cmp.Or(sample.uri, "/"), cmp.Or(sample.file, "/") // a file that is not known is held against all sections
	ways := i.ask(i.sample(sample, by.Unknown, by), wsgiScript, func(q *wsgiRequest) *Application {
		return q.serve(aliases...)
	})
	if len(ways) > 0 {
		ways[0].Mount = sample.uri
		ways[0].doubt(by, Undecided{Kind: ManyEntries})
		i.found = append(i.found, ways[0].Application)
	}
	return false
}
