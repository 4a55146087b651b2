package request

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Unknown is what decides about a request and is told neither by the configuration
// nor by a plain GET.
type Unknown struct {
	Kind    UnknownKind
	Subject string      // the name of the header, variable, map, file or function
	Detail  string      // a second one of those that have two
	Why     expr.Reason // that is not known in turn; nil for most
}

// UnknownKind is what is not known.
type UnknownKind uint8

// What of the client, the server, its host and its rules is not known.
const (
	ClientHeader UnknownKind = iota
	HostHeader
	OverTLS
	Port
	ServerName
	DocumentRoot
	PathInfo
	RequestDetail   // of each of many requests
	RequestVariable // of the environment of the request
	ProcessVariable // of the environment that httpd starts in
	ServerVariable  // of a running server, and those that follow
	ServerFunction
	ServerLookup
	ServerTest
	ServerFolder
	AddressName
	HasFile
	RewriteVariable
	RewriteTest
	MapUndeclared
	MapOfType
	MapMissing
	MapUnread
	MapByChance
	TextTooLong
	TypedExtension
	NoTypesConfig
	FileUnread // with the error as the subject
	Variant
	ErrorDocumentURL
	TooManySteps
	TooManyConditions
	unknownKinds
)

const onlyRunning = " is known only while the server runs"

var unknownSentences = [unknownKinds]string{
	ClientHeader:      "it depends on the client's header $1",
	HostHeader:        "the Host header is not known",
	OverTLS:           "whether it comes in over TLS is not known",
	Port:              "the port is not known",
	ServerName:        "the server's name is not known",
	DocumentRoot:      "the DocumentRoot is not known",
	PathInfo:          "what follows in the URL is not known",
	RequestDetail:     "%{$1} decides for each request",
	RequestVariable:   "the environment variable $1 decides for each request",
	ProcessVariable:   "what $1 is in the environment that Apache starts in is not known",
	ServerVariable:    "%{$1}" + onlyRunning,
	ServerFunction:    "what $1:$2 gives" + onlyRunning,
	ServerLookup:      "it" + onlyRunning,
	ServerTest:        "what -$1 tells" + onlyRunning,
	ServerFolder:      "which folder $1 is in" + onlyRunning,
	AddressName:       "the name of the server's address" + onlyRunning,
	HasFile:           "whether the server has $1 is not known",
	RewriteVariable:   "%{$1} decides",
	RewriteTest:       "RewriteCond $1",
	MapUndeclared:     "the RewriteMap $1 decides, which is not declared here",
	MapOfType:         "the RewriteMap $1 of the type $2 decides",
	MapMissing:        "the RewriteMap $1 decides, whose file is not here",
	MapUnread:         "the RewriteMap $1 decides, whose file is not read",
	MapByChance:       "the RewriteMap $1 chooses one of $2 by chance",
	TextTooLong:       fmt.Sprintf("$1 puts together a text of more than %d KiB", maxSubstituted>>10),
	TypedExtension:    "whether $1 is an extension with a type",
	NoTypesConfig:     "the text has no TypesConfig",
	FileUnread:        "$1",
	Variant:           "MultiViews chooses among several files by what the client accepts: whether $1 is the one",
	ErrorDocumentURL:  "ErrorDocument has an expression in its URL",
	TooManySteps:      fmt.Sprintf("it takes more than %d steps to tell", maxSteps),
	TooManyConditions: fmt.Sprintf("more than %d conditions decide", maxConditions),
}

// String is the sentence for people.
func (u Unknown) String() string {
	sentence, end, hasSubject := strings.Cut(unknownSentences[u.Kind], "$1")
	if sentence = strings.Replace(sentence, "$2", u.Detail, 1); hasSubject {
		sentence += u.Subject + strings.Replace(end, "$2", u.Detail, 1)
	}
	if u.Why != nil {
		sentence += ": " + u.Why.String()
	}
	return sentence
}
