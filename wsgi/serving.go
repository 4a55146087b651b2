package wsgi

import (
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// Answer is what would answer a GET for one URL.
type Answer struct {
	URL         string
	Server      *conf.Server
	Application *Application // nil where no WSGI application answers
	Reason      expr.Reason  // then: what does
	Status      int          // and the status of HTTP; 0 where that is not known
	// Anonymous is what a client gets that does not tell its user; nil where nobody
	// asks for it.
	Anonymous *Answer

	asksForUser bool
}

// TakenBefore is why no application answers where a directive takes the URL before
// mod_wsgi is asked: a redirect, rule or proxy.
type TakenBefore struct{ By *conf.Directive }

// String is the sentence for people.
func (t TakenBefore) String() string { return t.By.Name + " takes the URL before mod_wsgi" }

// Serving tells which application would serve a GET for a URL, with the name
// in it as Host header. The error is about the URL itself.
func (v *View) Serving(text string) (Answer, error) {
	answer, err := v.serving(text)
	for _, other := range v.renderings {
		if err != nil {
			break
		}
		var another Answer
		another, err = other.serving(text)
		answer = answer.with(another)
	}
	return answer, err
}

func (v *View) serving(text string) (Answer, error) {
	client, err := request.ParseURL(text)
	if err != nil {
		return Answer{}, err
	}
	server, certain, reason := v.serverFor(client)
	answer := v.Servers[server.Index].answer(v, client)
	if answer.asksForUser && certain != expr.Unknown {
		client.Anonymous = true
		anonymous := v.Servers[server.Index].answer(v, client)
		answer.Anonymous = &anonymous
	}
	answer = v.withFault(answer)
	answer.URL, answer.Server = text, server
	if certain == expr.Unknown {
		answer.Status = 0
	}
	if certain == expr.Unknown && answer.Application != nil && server.Holds == expr.True {
		answer.Application.doubt(answer.Application.DecidedBy, reason)
	}
	return answer, nil
}

// answer is what answers a client. Where that is not known it is the likely
// application, with a verdict that only the request decides, unless all that may
// answer is the same.
func (s *Server) answer(v *View, client request.Client) Answer {
	var answers []Answer
	found := s.Follow(client, func(outcome request.Outcome) { answers = append(answers, s.answerOf(v, outcome)) })
	answer, same := answers[0], !found.Open
	for _, other := range answers[1:] {
		same = same && answer.Application.isSame(other.Application)
		if answer.Application == nil {
			answer = answer.orElse(other, found.Doubt.Reason)
		}
	}
	switch {
	case same || answer.Application != nil && answer.Application.Mode == Dynamic:
	case answer.Application == nil:
		answer.Reason, answer.Status = found.Doubt.Reason, 0
	default:
		answer.Application.doubt(found.Doubt.By, found.Doubt.Reason)
	}
	answer.asksForUser = found.AsksForUser
	return answer
}

// Mostly is why no application answers where something else than the likely answer
// may come.
type Mostly struct{ Likely, Doubt expr.Reason }

// String is the sentence for people.
func (m Mostly) String() string { return m.Likely.String() + " mostly; " + m.Doubt.String() }

// orElse is an answer without an application where another one may come instead. The
// status stays where it is one for both.
func (a Answer) orElse(other Answer, doubt expr.Reason) Answer {
	if other.Application != nil {
		return other
	}
	if _, isMostly := a.Reason.(Mostly); !isMostly && a.Reason != other.Reason {
		a.Reason = Mostly{a.Reason, doubt}
	}
	if a.Status != other.Status {
		a.Status = 0
	}
	return a
}

// answerOf is what answers on one branch.
func (s *Server) answerOf(v *View, outcome request.Outcome) Answer {
	h := outcome.Handled
	switch {
	case h == nil && outcome.By != nil:
		return Answer{Reason: TakenBefore{outcome.By}, Status: outcome.Status}
	case h == nil:
		return Answer{Reason: outcome.Reason, Status: outcome.Status}
	}
	return Answer{Application: v.application(h)}
}

// application is the one that a request is handed to.
func (v *View) application(h *request.Handled) *Application {
	q := v.Servers[h.Settings.Server.Index].ofClient(v, h)
	var aliases []*Alias
	for _, d := range h.Noted {
		aliases = append(aliases, v.aliases()[d])
	}
	a := q.serve(aliases...)
	if a.Mount = q.Settings.Request.URI; len(aliases) > 0 {
		a.Mount = aliases[0].URLPath
	}
	return a
}

// isSame tells whether two answers are of the same application in the same
// place; nil is that of no application.
func (a *Application) isSame(other *Application) bool {
	if a == nil || other == nil {
		return a == other
	}
	return a.same(other.Verdict) && a.Script == other.Script && a.Callable == other.Callable && a.ApplicationGroup == other.ApplicationGroup
}

// doubt makes the verdict one that only the request decides.
func (a *Application) doubt(by *conf.Directive, reason expr.Reason) {
	a.Verdict = Verdict{Mode: Dynamic, ProcessGroup: a.ProcessGroup, DecidedBy: by, Reason: reason}
}
