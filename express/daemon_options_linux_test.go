package express_test

import (
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
)

// processWSGI answers with what its process was given.
const processWSGI = `import os, resource

def application(environ, start_response):
    mask = os.umask(0o777)
    os.umask(mask)
    told = "mask=%o nice=%d data=%d memory=%d groups=%s\\n" % (
        mask, os.getpriority(os.PRIO_PROCESS, 0), resource.getrlimit(resource.RLIMIT_DATA)[0],
        resource.getrlimit(resource.RLIMIT_AS)[0], sorted(os.getgroups()))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [told.encode()]
`

// TestServesWithWhatADaemonProcessIsGiven: what render and wsgictl.toml ask of a
// daemon process group, start-server does too.
func TestServesWithWhatADaemonProcessIsGiven(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	a := newApplication(t, "6.1.1")
	a.write(t, "process.wsgi", processWSGI)
	r := a.serve(t, "--umask", "0027", "--cpu-priority", "5", "--memory-limit", "4000000000", "--virtual-memory-limit", "9000000000",
		"--supplementary-groups", "#4242,#4343", "process.wsgi")
	r.wants(r.get("/"), 200, "mask=27 nice=5 data=4000000000 memory=9000000000 groups=[")
	r.wants(r.get("/"), 200, "4242, 4343")
}
