package wsgi

import (
	"net/http"

	"github.com/wsgictl/wsgictl/httpd/request"
)

// handlerRefusal is why mod_wsgi's handler answers a request with an error before it
// looks for a group.
type handlerRefusal uint8

const (
	noExecCGI handlerRefusal = iota
	noScript
	scriptIsFolder
	noPathInfo
	renamed // the file, to what a redirect of a rule leads to
	handlerRefusals
)

// handlerSentences are the status of each and its sentence.
var handlerSentences = [handlerRefusals]struct {
	status   int
	sentence string
}{
	noExecCGI:      {http.StatusForbidden, "Options ExecCGI is off there: mod_wsgi answers 403 (WSGI0134)"},
	noScript:       {http.StatusNotFound, "the script is not there: mod_wsgi answers 404 (WSGI0135)"},
	scriptIsFolder: {http.StatusForbidden, "the script is a folder: mod_wsgi answers 403 (WSGI0136)"},
	noPathInfo:     {http.StatusNotFound, "AcceptPathInfo is Off there: mod_wsgi answers 404 (WSGI0137)"},
	renamed:        {http.StatusInternalServerError, "the handler of a rule takes the place of the redirect of another: there is no file for it"},
}

func (h handlerRefusal) refusal() request.Refusal {
	return request.Refusal{Status: handlerSentences[h].status, Reason: h}
}

// String is the sentence for people.
func (h handlerRefusal) String() string { return handlerSentences[h].sentence }
