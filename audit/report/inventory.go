package report

import (
	"fmt"
	"io"
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/jsonreport"
	"github.com/wsgictl/wsgictl/wsgi"
)

// inventoryVersion is the version of the JSON form of an inventory. It rises
// when a field is taken away or changes its meaning.
const inventoryVersion = 1

type inventoryJSON struct {
	Version      int               `json:"version"`
	Applications []applicationJSON `json:"applications"`
}

type applicationJSON struct {
	URL              string     `json:"url,omitempty"`
	ServerName       string     `json:"server_name"`
	Addresses        []string   `json:"addresses"`
	Mount            string     `json:"mount"`
	Script           string     `json:"script"`
	Via              string     `json:"via"`
	Callable         string     `json:"callable"`
	ProcessGroup     string     `json:"process_group"`
	ApplicationGroup string     `json:"application_group"`
	Mode             wsgi.Mode  `json:"mode"`
	Error            string     `json:"error"`
	Reason           string     `json:"reason,omitempty"`
	Status           int        `json:"status,omitempty"`
	WithoutUser      int        `json:"status_without_user,omitempty"`
	PythonHome       string     `json:"python_home"`
	User             string     `json:"user"`
	File             string     `json:"file"`
	Line             int        `json:"line"`
	Column           int        `json:"column"`
	DecidedBy        *placeJSON `json:"decided_by"`
	ChosenBy         *placeJSON `json:"chosen_by,omitempty"`
}

type placeJSON struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	Directive string `json:"directive"`
}

// WriteInventory writes applications as JSON.
func WriteInventory(w io.Writer, applications []*wsgi.Application) error {
	inventory := inventoryJSON{Version: inventoryVersion, Applications: []applicationJSON{}}
	return jsonreport.WriteList(w, inventory, "applications", slices.Values(applications), newApplication)
}

// WriteAnswers writes what serves each of a list of URLs as JSON.
func WriteAnswers(w io.Writer, answers []wsgi.Answer) error {
	inventory := inventoryJSON{Version: inventoryVersion, Applications: []applicationJSON{}}
	for _, answer := range answers {
		row := applicationJSON{ServerName: conf.Written(answer.Server.Name), Addresses: addressTexts(answer.Server), Mode: wsgi.None,
			Reason: sentence(answer.Reason), Status: answer.Status}
		if answer.Application != nil {
			row = newApplication(answer.Application)
		}
		if taken, ok := answer.Reason.(wsgi.TakenBefore); ok {
			row.DecidedBy = place(taken.By)
		}
		if answer.Anonymous != nil {
			row.WithoutUser = answer.Anonymous.Status
		}
		row.URL = answer.URL
		inventory.Applications = append(inventory.Applications, row)
	}
	return jsonreport.Write(w, inventory)
}

func newApplication(a *wsgi.Application) applicationJSON {
	pos := a.Via.Pos()
	written := conf.Written
	return applicationJSON{
		ServerName: written(a.Server.Name), Addresses: addressTexts(a.Server),
		Mount: written(a.Mount), Script: written(a.Script), Via: a.Via.Name, Callable: written(a.Callable),
		ProcessGroup: written(a.ProcessGroup), ApplicationGroup: written(a.ApplicationGroup),
		Mode: a.Mode, Error: a.Error, Reason: sentence(a.Reason), PythonHome: written(a.PythonHome), User: written(a.User),
		File: pos.File, Line: pos.Line, Column: pos.Column,
		DecidedBy: place(a.DecidedBy), ChosenBy: place(a.ChosenBy),
	}
}

// sentence is a reason for people, "" for none.
func sentence(reason fmt.Stringer) string {
	if reason == nil {
		return ""
	}
	return conf.Written(reason.String())
}

func addressTexts(s *conf.Server) []string {
	texts := []string{}
	for _, address := range s.Addresses {
		texts = append(texts, conf.Written(address.Text))
	}
	return texts
}

func place(d *conf.Directive) *placeJSON {
	if d == nil {
		return nil
	}
	pos := d.Pos()
	return &placeJSON{File: pos.File, Line: pos.Line, Column: pos.Column, Directive: d.Name}
}
