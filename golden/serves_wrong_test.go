package golden

import "testing"

// TestEachOfThreeIsHeard has one of the case, wsgictl and httpd say something
// else than the other two, which no case can show while wsgictl is right.
func TestEachOfThreeIsHeard(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name                 string
		says, wsgictl, httpd string
		wrong                bool
	}{
		{"all the same", "daemon a /a.wsgi", "daemon a /a.wsgi", "daemon a /a.wsgi", false},
		{"no httpd", "daemon a /a.wsgi", "daemon a /a.wsgi", "", false},
		{"the case", "daemon b /a.wsgi", "daemon a /a.wsgi", "daemon a /a.wsgi", true},
		{"wsgictl", "daemon a /a.wsgi", "embedded /a.wsgi", "daemon a /a.wsgi", true},
		{"httpd", "daemon a /a.wsgi", "daemon a /a.wsgi", "status 404", true},
		{"wsgictl, without httpd", "daemon a /a.wsgi", "embedded /a.wsgi", "", true},
		{"a file's status", "status 200", "none: handler of plain files", "status 200", false},
		{"a file's status, which only httpd knows", "status 200", "none: handler of plain files", "status 403", true},
		{"no application where there is one", "embedded /a.wsgi", "none: handler of plain files", "embedded /a.wsgi", true},
		{"another status", "status 404", "status 403", "status 404", true},
		{"a doubt", "daemon a /a.wsgi", "dynamic: a condition", "daemon a /a.wsgi", true},
		{"a doubt about a status", "status 404", "dynamic: a condition", "status 404", true},
		{"a new line", "", "daemon a /a.wsgi", "daemon a /a.wsgi", true},
	} {
		lines := []served{{text: "# comment"}, {url: "http://a/", says: test.says, wsgictl: test.wsgictl, httpd: test.httpd}}
		if got := len(differences(lines)) > 0; got != test.wrong {
			t.Errorf("%s: wrong %v, want %v", test.name, got, test.wrong)
		}
	}
}
