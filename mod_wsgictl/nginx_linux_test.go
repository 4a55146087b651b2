package modwsgictl_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
)

const nginxSettings = `user root; # whose folder it is, where root starts it
daemon off;
worker_processes 2;
pid nginx.pid;
error_log stderr;
events { worker_connections 4096; }
http {
    access_log off;
    keepalive_timeout 3600;
    client_max_body_size 10m;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {
        listen 127.0.0.1:%d;
        location / { proxy_pass http://127.0.0.1:%d; }
    }
}
`

// startNginx starts nginx in front of gunicorn, with as many threads for the application
// as the daemon process group that it is compared with, and gives its port and process.
func startNginx(t *testing.T) (port, pid int) {
	t.Helper()
	folder := t.TempDir()
	port, behind := httpdtest.FreePort(t), httpdtest.FreePort(t)
	for name, text := range map[string]string{"nginx.conf": fmt.Sprintf(nginxSettings, port, behind), "app.py": slowApp} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	start(t, folder, "gunicorn", "--workers", "2", "--threads", "5", "--timeout", "3600", "--bind", fmt.Sprintf("127.0.0.1:%d", behind), "app:application")
	pid = start(t, folder, "nginx", "-p", folder, "-c", "nginx.conf")
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		response, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/", port))
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return port, pid
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("nginx does not answer: %v, %v", response, err)
		}
	}
}

// start starts a program, and has it told to stop at the end.
func start(t *testing.T, folder, program string, words ...string) (pid int) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		needtest.Missing(t, "%v", err)
	}
	command := exec.Command(program, words...)
	command.Dir = folder
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		_ = command.Wait()
	})
	return command.Process.Pid
}
