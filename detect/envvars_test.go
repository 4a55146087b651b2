package detect

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestShellAssignments(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want map[string]string
	}{
		"Debian's envvars": {
			"unset HOME\nif [ \"${APACHE_CONFDIR##/etc/apache2-}\" != \"${APACHE_CONFDIR}\" ] ; then\n" +
				"\tSUFFIX=\"-${APACHE_CONFDIR##/etc/apache2-}\"\nelse\n\tSUFFIX=\nfi\n" +
				"export APACHE_RUN_USER=www-data\nexport APACHE_PID_FILE=/var/run/apache2$SUFFIX/apache2.pid\n#export NOT=this\nexport LANG\n",
			map[string]string{"SUFFIX": "", "APACHE_RUN_USER": "www-data", "APACHE_PID_FILE": "/var/run/apache2/apache2.pid"},
		},
		"newer Debian's defaults": {
			": ${APACHE_RUN_USER:=www-data}\nexport APACHE_RUN_USER\n",
			map[string]string{"APACHE_RUN_USER": "www-data"},
		},
		"quotes, comments, commands": {
			"A=\"a b\" # c\nB='$A'\nC=c; D=d\nE=$(hostname)\nF=`hostname`\nLD_LIBRARY_PATH=\"/opt/lib:$LD_LIBRARY_PATH\"\n",
			map[string]string{"A": "a b", "B": "a b", "C": "c", "LD_LIBRARY_PATH": "/opt/lib:"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, shellAssignments(test.text, nil)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
