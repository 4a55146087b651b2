package modwsgi

import (
	"strings"
	"testing"
)

func TestFitSaysWhyNotAndWhatToKnow(t *testing.T) {
	t.Parallel()
	tests := []struct{ release, python, apache, err, note string }{
		{"6.1.1", "3.9.18", "2.4.71", "mod_wsgi 6.1.1 does not fit: mod_wsgi 6 needs Python 3.10 or later", ""},
		{"6.1.1", "3.9.18", "2.2.34", "mod_wsgi 6.1.1 does not fit: mod_wsgi 6 needs Python 3.10 or later; mod_wsgi 6 needs Apache 2.4", ""},
		{"6.1.1", "3.15.0rc1", "2.4.71", "", ""},
		{"6.1.1", "", "", "", ""},
		{"6.0.5", "3.13.0", "2.4.71", "", "request threads share memory pools"},
		{"6.0.6", "3.15.0", "2.4.71", "", "not known to work: the last Python declared for it is 3.14"},
		{"5.0.2", "3.7.16", "", "mod_wsgi 5.0.2 does not fit: mod_wsgi 5 needs Python 3.8 or later", ""},
		{"4.9.4", "3.12.1", "2.4.71", "", "pip cannot build it"},
		{"4.9.3", "3.11.2", "2.4.71", "", "crashes where Apache limits"},
	}
	for _, test := range tests {
		notes, err := Fit(MustParseRelease(test.release), test.python, test.apache)
		if message := errorText(err); message != test.err {
			t.Errorf("%s, Python %s, Apache %s: error %q, want %q", test.release, test.python, test.apache, message, test.err)
		}
		if !strings.HasPrefix(strings.Join(notes, "\n"), test.note) || (test.note == "") != (len(notes) == 0) {
			t.Errorf("%s, Python %s, Apache %s: notes %q, want %q", test.release, test.python, test.apache, notes, test.note)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
