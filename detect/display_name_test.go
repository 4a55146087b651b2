package detect

import "testing"

func TestTitleTellsGroup(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		title, group string
		cut          bool
	}{
		{"(wsgi:shop)      ", "shop", false},
		{"(wsgi:shop.exam)", "shop.exam", false},
		{"(wsgi:www.shop.ex", "www.shop.ex", true},
		{"(wsgi:my        ", "my", true},
		{"(wsgi:a)b)   ", "a)b", false},
		{"(wsgi:", "", true},
		{"(wsgi", "", true}, // of "httpd"
		{"httpd", "", false},
		{"", "", false},
		{"/usr/sbin/apache2", "", false},
	} {
		if group, cut := groupIn(test.title); group != test.group || cut != test.cut {
			t.Errorf("%q: group %q, cut %v; want %q, %v", test.title, group, cut, test.group, test.cut)
		}
	}
}

func TestProcessHasDisplayName(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		title, name string
		want        bool
	}{
		{"(wsgi:shop)      ", "(wsgi:shop)", true},
		{"(wsgi:shop)      ", "(wsgi:shop2)", false},
		{"(wsgi:shop2)     ", "(wsgi:shop)", false},
		{"(wsgi:shop.exam)", "(wsgi:shop.exam)", true},
		{"(wsgi:www.shop.ex", "(wsgi:www.shop.example)", true},
		{"(wsgi:www.shop.ex", "(wsgi:www.shop.e)", false},
		{"(wsgi:my ", "(wsgi:my group)", true},
		{"(wsgi:my ", "(wsgi:my)", false},
		{"(wsgi", "(wsgi:shop)", true},
		{"shop             ", "shop", true},
		{"/usr/sbin/apache2", "", false},
		{"", "(wsgi:shop)", false},
	} {
		if got := (LiveProcess{title: test.title}).HasDisplayName(test.name); got != test.want {
			t.Errorf("%q of display-name %q: %v", test.title, test.name, got)
		}
	}
}
