package express_test

import (
	"os"
	"strings"
	"testing"
)

func TestWarnsOfWhatModWSGIDoesNotServe(t *testing.T) {
	t.Parallel()
	const flask = "from flask import Flask\napp = Flask(__name__)\n"
	for _, test := range []struct {
		name, file, text string
		want             string // empty for no caution
		args             string
	}{
		{"Flask-SocketIO", "app.py", flask + "from flask_socketio import SocketIO\nsocketio = SocketIO(app)\n", "app.py, line 3: it uses Flask-SocketIO: mod_wsgi serves no WebSocket", ""},
		{"Flask-SocketIO in a package", "shop/__init__.py", "import flask_socketio\n" + flask, "shop/__init__.py, line 1: it uses Flask-SocketIO", ""},
		{"gevent", "app.py", "from gevent import monkey; monkey.patch_all()\n" + flask, "app.py, line 1: it patches Python's threads", ""},
		{"gevent in a script that was named", "web.wsgi", "import gevent.monkey\ngevent.monkey.patch_all()\n" + flask, "web.wsgi, line 2: it patches", "web.wsgi --callable-object app"},
		{"eventlet", "app.py", "import eventlet\neventlet.monkey_patch()\n" + flask, "app.py, line 2: it patches", ""},
		{"a server of its own", "app.py", flask + "if __name__ == '__main__':\n    from gevent import monkey\n    monkey.patch_all()\n", "", ""},
		{"a comment", "app.py", flask + "# monkey.patch_all() and flask_socketio are not for us\n", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := newApplication(t, "6.1.1")
			if err := os.RemoveAll(a.Dir); err != nil {
				t.Fatal(err)
			}
			a.write(t, test.file, test.text)
			setup, err := a.try(strings.Fields(test.args))
			if err != nil {
				t.Fatal(err)
			}
			notes := strings.Join(setup.Notes, "\n")
			if test.want != "" && !strings.Contains(notes, test.want) || test.want == "" && strings.Contains(notes, ": it ") {
				t.Errorf("want %q, got\n%s", test.want, notes)
			}
		})
	}
}
