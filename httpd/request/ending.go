package request

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// Ending is how httpd answers a request that the module does not.
type Ending struct {
	Kind    EndingKind
	Subject string          // the handler, type of access or problem
	By      *conf.Directive // that denies access, or refuses the method
}

// EndingKind is one of the ways in which a request ends.
type EndingKind uint8

// The ways in which httpd answers itself.
const (
	PlainFile  EndingKind = iota
	UnseenFile            // a file as well, or none: its folder is not here
	FolderList
	OtherHandler
	PathAboveRoot
	BrokenEscape
	EncodedSlash
	NoSuchFile
	NameTooLong
	NoIndex
	NoIndexNorList
	SlashAdded
	NoVariant
	NoFileForAction
	NoFollowSymLinks
	RenamedFile
	LinkRefused
	HtaccessRefused
	NoRequire
	NoAuthType
	NoAuthName
	NoUser
	OtherAuthType
	AccessDenied
	MethodRefused
	Endless
	endingKinds
)

// endings are the status of each, 0 where that is not known, and its sentence.
var endings = [endingKinds]struct {
	status   int
	sentence string
}{
	PlainFile:        {http.StatusOK, "handler of plain files"},
	FolderList:       {http.StatusOK, "mod_autoindex lists the folder"},
	UnseenFile:       {0, "handler of plain files"},
	OtherHandler:     {0, "handler %s"},
	PathAboveRoot:    {http.StatusBadRequest, "the path leads above the root: httpd answers 400"},
	BrokenEscape:     {http.StatusBadRequest, "the path holds a broken escape: httpd answers 400"},
	EncodedSlash:     {http.StatusNotFound, "the path holds an escape that httpd answers with 404: see AllowEncodedSlashes"},
	NoSuchFile:       {http.StatusNotFound, "there is no such file: httpd answers 404"},
	NameTooLong:      {http.StatusForbidden, "no file has a name as long as this: httpd answers 403"},
	NoIndex:          {http.StatusNotFound, "the folder has no index: httpd answers 404"},
	NoIndexNorList:   {http.StatusForbidden, "the folder has no index, and Options Indexes is off: httpd answers 403"},
	SlashAdded:       {http.StatusMovedPermanently, "DirectorySlash leads to the URL with a slash at its end"},
	NoVariant:        {http.StatusNotFound, "MultiViews can serve none of the files of that name: httpd answers 404"},
	NoFileForAction:  {http.StatusNotFound, "the file is not there, and Action is not virtual: httpd answers 404"},
	NoFollowSymLinks: {http.StatusForbidden, "without Options FollowSymLinks httpd answers 403 where RewriteRules are"},
	RenamedFile:      {http.StatusForbidden, "the handler of a rule takes the place of the redirect of another: httpd cannot open the file, and answers 403"},
	LinkRefused:      {http.StatusForbidden, "%s is a symbolic link that leads nowhere, or that Options does not let httpd follow: httpd answers 403"},
	HtaccessRefused:  {http.StatusInternalServerError, "httpd answers 500: %s"},
	NoRequire:        {http.StatusInternalServerError, "AuthType is set, and no Require asks for anybody: httpd answers 500"},
	NoAuthType:       {http.StatusInternalServerError, "Require asks for users, and no AuthType tells how they prove who they are: httpd answers 500"},
	NoAuthName:       {http.StatusInternalServerError, "there is an AuthType without AuthName: httpd answers 500"},
	NoUser:           {http.StatusUnauthorized, "Require asks for a user, whom the client does not tell: httpd answers 401"},
	OtherAuthType:    {0, "the module for AuthType %s asks for the user"},
	AccessDenied:     {http.StatusForbidden, "%s denies access: httpd answers 403"},
	MethodRefused:    {http.StatusMethodNotAllowed, "%s refuses a GET: httpd answers 405"},
	Endless:          {http.StatusInternalServerError, "the internal redirects do not end: httpd answers 500"},
}

// refusal is what the client gets.
func (e Ending) refusal() Refusal { return Refusal{endings[e.Kind].status, e} }

// String is the sentence for people.
func (e Ending) String() string {
	subject := e.Subject
	if d := e.By; d != nil {
		pos := d.Pos()
		text := d.Name + " " + d.Args
		if d.IsSection() {
			text = strings.TrimSuffix(strings.TrimPrefix(text, "<"), ">")
		}
		subject = fmt.Sprintf("%s at %s:%d", strings.TrimSpace(text), pos.File, pos.Line)
	}
	return strings.Replace(endings[e.Kind].sentence, "%s", subject, 1)
}
