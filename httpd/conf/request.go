package conf

import "github.com/wsgictl/wsgictl/httpd/expr"

// Request is what a question about the configuration is asked for: a request
// as it arrives, and the file that the server has found for it. Sections that
// depend on a part that is left empty are Unknown, not absent.
type Request struct {
	URI    string     // the path, decoded, with "/" first
	Query  string     // what follows "?"
	File   string     // the file or folder that the URI leads to, without PATH_INFO
	Folder bool       // File is a folder
	Method string     // "" means GET
	Host   string     // of the Host header, without a port
	Port   int        // of the connection; 0 when not known
	HTTPS  expr.Truth // whether it comes in over TLS
	// Headers are those that the client sends, names in any case. Nil means
	// that they are not known; an empty map that there are none but Host.
	Headers map[string]string
}

// method is the method of the request.
func (q *Request) method() string {
	if q.Method == "" {
		return "GET"
	}
	return q.Method
}
