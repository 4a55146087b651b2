# From a project to a site and back, with what each command prints. What differs from one machine or run to the next is
# replaced by words in capitals.
set -u

run() {
  printf '\n$ wsgictl %s\n' "$*"
  wsgictl "$@" >/tmp/out 2>/tmp/err
  code=$?
  normal </tmp/out
  [ "$1" = plan ] || grep -E '^(reload|start|ask|Done|Wrote|Nothing|undid)' /tmp/err # and not what the audit says
  [ $code -eq 0 ] || echo "exit code $code"
}

normal() {
  sed -E -e 's/sha256:[0-9a-f]{64}/sha256:DIGEST/' -e 's/(mod_wsgi-6.1.1)-py3[.0-9]*-[0-9a-f]{8}/\1-PYTHON-DIGEST/' \
    -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}/DATE/' -e 's/process [0-9]+/process PID/' -e 's/2\.4\.[0-9]+/2.4.X/' \
    -e 's/\b[0-9a-f]{32}\b/MARK/' -e "s#$HTTPD#HTTPD#" \
    -e 's/\([0-9]{5,} bytes\)/(SIZE)/' -e 's/^@@ -[0-9]{3,},([0-9]+) \+[0-9]{3,},/@@ -N,\1 +N,/' \
    -e '/(create|remove) folder .var.lib.apache2/d' # which may be there before
}

ask() {
  printf '\n$ curl http://shop.example.org/\n'
  curl -sS -H 'Host: shop.example.org' http://127.0.0.1/
  echo
}

mkdir -p /srv/shop
cd /srv/shop
/usr/bin/python3 -m venv --without-pip venv
server=$(echo venv/lib/python3.*/site-packages)/mod_wsgi/server
mkdir -p "$server"
cp "$MODULE" "$server/mod_wsgi-py3$(/usr/bin/python3 -c 'import sys; print(sys.version_info[1])').so"
cat >wsgi.py <<'END'
def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return ['processes: {0[wsgi.multiprocess]}, daemon: {0[mod_wsgi.process_group]}'.format(environ).encode()]
END

run init --server-name shop.example.org --venv venv
run plan --httpd "$HTTPD"
run apply --httpd "$HTTPD" --yes --start >/tmp/applied
tail -3 /tmp/applied # the diff is the plan's
ask
run status --httpd "$HTTPD"
sed -i 's/^\[daemon.shop\]$/&\nprocesses = 1/' wsgictl.toml
run plan --httpd "$HTTPD"
run apply --httpd "$HTTPD" --yes >/tmp/applied
tail -3 /tmp/applied
ask
run history --httpd "$HTTPD"
run rollback --httpd "$HTTPD" --yes
ask
run remove shop --httpd "$HTTPD" --yes
run history --httpd "$HTTPD"
run status --httpd "$HTTPD"
