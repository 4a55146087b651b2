package request

import (
	"path"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Call is what a function of an expression gives (string_func_providers).
func (f facts) Call(function, argument string) expr.Value {
	switch function {
	case "req", "http", "req_novary":
		return f.header(argument)
	case "reqenv":
		return f.environment.value(argument)
	case "env":
		return f.variable(argument)
	case "osenv":
		return f.processVariable(argument)
	}
	return expr.Value{Reason: Unknown{Kind: ServerFunction, Subject: function, Detail: argument}}
}

// variable is a variable of the request's environment, or else of that of
// httpd's own process.
func (f facts) variable(name string) expr.Value {
	value := f.environment.value(name)
	if value == (expr.Value{}) {
		return f.processVariable(name)
	}
	return value
}

func (f facts) processVariable(name string) expr.Value {
	value, _ := f.Server.Httpd.processVariable(name)
	return value
}

// Test is the answer of an operator about a file of the server's host, or about
// the client.
func (f facts) Test(operator, word string) (holds expr.Truth, reason expr.Reason) {
	config := f.Server.Config
	test, ok := map[string]func(string) bool{
		"e": config.Exists, "d": config.IsFolder, "f": config.IsFile, "s": func(name string) bool { return config.IsFile(name) && config.Size(name) > 0 },
	}[operator]
	switch {
	case !ok:
		return expr.Unknown, Unknown{Kind: ServerTest, Subject: operator}
	case word == "":
		return expr.False, nil
	case !path.IsAbs(word):
		return expr.Unknown, Unknown{Kind: ServerFolder, Subject: word}
	case !config.Exists(word) && !f.isHere(path.Clean(word)):
		return expr.Unknown, Unknown{Kind: HasFile, Subject: word}
	}
	return expr.TruthOf(test(word)), nil
}

// MayMatch counts the steps of a match.
func (f facts) MayMatch(pattern *expr.Regexp, text string) (reason expr.Reason) {
	if b := f.branch; b != nil && !b.spend(stepsToMatch(pattern.Cost(), text), nil) {
		return b.unknown.Reason
	}
	return nil
}

// isHere tells whether the files around a name are here, so that one that is
// not there is missing.
func (f facts) isHere(name string) bool {
	config := f.Server.Config
	root := f.Server.DocumentRoot()
	if root != "" && (name == path.Clean(root) || conf.IsBelow(name, root)) {
		return config.IsFolder(root)
	}
	if config.Exists(name[:nextSlash(name, 0)]) || root != "" && config.IsFolder(root) {
		return true
	}
	return config.Complete && !config.IsOfAnotherHost()
}
