"""Starts httpd, asks it for URLs one after another, and prints its answers as
JSON. What it starts is in its process namespace, and killed with it."""
import glob
import http.client
import json
import os
import re
import subprocess
import sys
import time

program, config, pid_file, logs, *urls = sys.argv[1:]

# Above what a start needs; Server.Start waits as long.
START_LIMIT = 20


def start():
    with open('/httpd.output', 'w+') as output:
        httpd = subprocess.Popen([program, '-f', config, '-DFOREGROUND'], stdout=output, stderr=output)
        deadline = time.monotonic() + START_LIMIT
        while not os.path.exists(pid_file):
            if httpd.poll() is not None or time.monotonic() > deadline:
                output.seek(0)
                sys.exit('httpd does not start: ' + output.read() + new_text())
            time.sleep(0.005)


read = {}


def new_text():
    """What all logs say since the last time."""
    text = ''
    for name in sorted(glob.glob(logs)):
        with open(name, errors='replace') as log:
            log.seek(read.get(name, 0))
            text += log.read()
            read[name] = log.tell()
    return text


def ask(url):
    host, port, path = re.fullmatch(r'http://([^/?:]+)(?::(\d+))?(.*)', url).groups()
    connection = http.client.HTTPConnection('127.0.0.1', int(port or 80), timeout=60)
    connection.putrequest('GET', path or '/', skip_host=True, skip_accept_encoding=True)
    connection.putheader('Host', f'{host}:{port}' if port else host)
    connection.endheaders()
    response = connection.getresponse()
    body = response.read()
    seen = body.decode() if response.getheader('Content-Type') == 'text/x-seen' else ''
    connection.close()
    return {'status': response.status, 'seen': seen, 'log': new_text()}


start()
new_text()
print(json.dumps([ask(url) for url in urls]))
