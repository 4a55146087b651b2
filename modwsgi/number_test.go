package modwsgi

import "testing"

// mod_wsgi reads most numbers as an int of C, and limits of memory with 64 bits.
func TestNumbersAreReadAsModWSGIDoes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		option, value string
		want          int
	}{
		{"threads", "15", 15}, {"threads", "15x", 15}, {"threads", "x", 0}, {"threads", " -3", -3}, {"threads", "4294967301", 5},
		{"memory-limit", "4294967301", 4294967301}, {"memory-limit", "9999999999999999999", 9223372036854775807},
	} {
		option, err := LookupDaemonOption(test.option, Newest)
		if err != nil {
			t.Fatal(err)
		}
		if got := option.Number(test.value); got != test.want {
			t.Errorf("%s=%s is %d, want %d", test.option, test.value, got, test.want)
		}
	}
}
