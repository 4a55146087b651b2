# Tells `wsgictl monitor` what this process does, and when asked, where each request is.
#
# WSGIImportScript loads this file into a daemon process of mod_wsgi 4.9 or newer, in the
# interpreter of its application. It sends the datagrams of mod_wsgi's wsgi_telemetry.h,
# but for release 6, which does that by itself. No request waits for it: what nobody takes
# is lost.

import atexit
import faulthandler
import json
import os
import platform
import resource
import signal
import socket
import struct
import sys
import threading
import time
import traceback

import mod_wsgi

REQUESTS, SLOW_REQUEST, STARTED, STOPPING, STOPPED = 2, 4, 5, 6, 7  # kinds of datagrams

PHASES = 5  # server, queue, daemon, application, total
BUCKETS = 65
LONGEST_TEXT = 512

LATE = 5  # seconds without a turn for this file, after which C code is taken to keep the GIL
DEEPEST = 60  # lines of a stack, from its end

PAGE = resource.getpagesize()
TELLS = mod_wsgi.version < (6,)
THREADS = mod_wsgi.threads_per_process


def unsigned(field, value):
    return struct.pack("<HBQ", field, 1, max(int(value), 0) & 0xFFFFFFFFFFFFFFFF)


def real(field, value):
    return struct.pack("<HBd", field, 2, value)


def text(field, value):
    data = value.encode("latin-1", "replace")  # as WSGI has bytes of a request
    if len(data) > LONGEST_TEXT:
        data = data[: LONGEST_TEXT - 3] + b"..."
    return struct.pack("<HBH", field, 4, len(data)) + data


def integers(field, values):
    return struct.pack("<HBH%di" % len(values), field, 5, len(values), *values)


def reals(field, values):
    return struct.pack("<HBH%dd" % len(values), field, 6, len(values), *values)


def bucket(seconds):
    """Four of them for each doubling from 1 ms; the last is for all beyond."""
    steps = int(seconds * 1000)
    if steps < 1:
        return 0
    octave = steps.bit_length() - 1
    return min(4 * octave + int(4 * (seconds * 1000 / (1 << octave) - 1)), BUCKETS - 1)


class Request:
    """A request at hand."""

    __slots__ = ("thread", "began", "queued", "taken", "called", "status", "log_id", "about", "beside", "is_told", "is_logged")


class Slot:
    """What a thread did since the last report."""

    __slots__ = ("completed", "busy", "cpu", "longest")

    def __init__(self):
        self.completed = 0
        self.busy = self.cpu = self.longest = 0.0


class Sums:
    """What the process did since the last report."""

    def __init__(self):
        self.count = 0
        self.times = [0.0] * PHASES
        self.shortest = [None] * PHASES
        self.longest = [None] * PHASES
        self.buckets = [[0] * BUCKETS for _ in range(PHASES)]
        self.bytes_in = self.reads = self.bytes_out = self.writes = 0
        self.time_in = self.time_out = 0.0
        self.statuses = [0] * 5
        self.slots = [Slot() for _ in range(THREADS)]

    def time(self, phase, seconds):
        seconds = max(seconds, 0.0)  # the clock may have been set
        self.times[phase] += seconds
        if self.shortest[phase] is None or seconds < self.shortest[phase]:
            self.shortest[phase] = seconds
        if self.longest[phase] is None or seconds > self.longest[phase]:
            self.longest[phase] = seconds
        self.buckets[phase][bucket(seconds)] += 1


class Process:
    """This process, and what it tells."""

    def __init__(self):
        self.lock = threading.Lock()
        self.pid = os.getpid()
        self.sequence = 0
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.place = text(5, platform.node()) + text(6, mod_wsgi.process_group)
        self.software = (
            text(1, ".".join(map(str, mod_wsgi.version)))
            + text(2, platform.python_version())
            + unsigned(7, os.getppid())
            + real(13, sys.getswitchinterval())
        )
        self.started = time.time()
        self.reason = ""
        self.served = 0
        self.current = {}  # Request by the number that Python has for its thread
        self.sums = Sums()
        self.since = self.started
        self.cpu = os.times()
        self.finished = []  # slow requests, as items
        self.ending = threading.Event()
        self.line = self.late = None  # to the monitor: it asks for stacks, and what comes if nobody can answer
        self.threads = [threading.Thread(target=t, name="wsgictl", daemon=True) for t in (self.report, self.answer)]

    # What mod_wsgi tells, in the thread of the request.

    def event(self, name, **event):
        if name == "request_started":
            self.begin(event)
        elif name == "response_started":
            request = self.current.get(threading.get_ident())
            if request is not None:
                request.status = event["response_status"]
        elif name == "request_finished":
            self.finish(event)
        elif name == "process_stopping":
            self.stop(event["shutdown_reason"])

    def begin(self, event):
        request = Request()
        request.thread = event["thread_id"]
        request.began = event["request_start"]
        request.queued = event["queue_start"]
        request.taken = event["daemon_start"]
        request.called = event["application_start"]
        request.log_id = event.get("request_id", "")
        request.status = ""
        request.is_told = request.is_logged = False
        environ = event["request_environ"]  # which the application may change
        request.about = [environ.get(key, "") for key in ABOUT]
        self.current[threading.get_ident()] = request
        request.beside = len(self.current)

    def finish(self, event):
        request = self.current.pop(threading.get_ident(), None)
        if request is None or not TELLS:  # began before this file was loaded, or mod_wsgi counts by itself
            return
        end = event["application_finish"]
        cpu = event.get("cpu_user_time", 0.0) + event.get("cpu_system_time", 0.0)
        times = phases(request, end)
        with self.lock:
            self.served += 1
            sums = self.sums
            sums.count += 1
            for phase, seconds in enumerate(times):
                sums.time(phase, seconds)
            sums.bytes_in += event["input_length"]
            sums.reads += event["input_reads"]
            sums.time_in += event["input_time"]
            sums.bytes_out += event["output_length"]
            sums.writes += event["output_writes"]
            sums.time_out += event["output_time"]
            sums.statuses[status_class(request.status)] += 1
            if 0 < request.thread <= THREADS:
                slot = sums.slots[request.thread - 1]
                slot.completed += 1
                slot.busy += max(end - max(request.called, self.since), 0.0)
                slot.cpu += cpu
                slot.longest = max(slot.longest, times[-1])
            if SLOW and (request.is_told or end - request.began >= SLOW) and len(self.finished) < MOST_SLOW:
                self.finished.append(self.slow(request, end, event))

    def stop(self, reason):
        self.reason = reason
        self.send(STOPPING, self.place + text(130, reason) + unsigned(133, len(self.current)), time.time())

    # What the reporter tells.

    def report(self):
        while not self.ending.wait(INTERVAL):
            if TELLS:
                self.tell()
            self.watch()
            if LOG:
                self.log()

    def log(self):
        """Writes where a request is that takes long to Apache's error log, once."""
        late = [(ident, r) for ident, r in list(self.current.items()) if not r.is_logged and time.time() - r.called >= LOG]
        frames = sys._current_frames() if late else {}
        for ident, request in late:
            request.is_logged = True
            about = dict(zip(ABOUT, request.about))
            lines = ["wsgictl: a request takes long: %.1f s, %s in thread %d, %s %s from %s" % (
                time.time() - request.called, request.log_id, request.thread,
                plain(about["REQUEST_METHOD"]), plain(about["HTTP_HOST"] + about["SCRIPT_NAME"] + about["PATH_INFO"]), about["REMOTE_ADDR"],
            )]
            for call in stack(frames.get(ident)):
                lines.append('  File "%(file)s", line %(line)d, in %(function)s' % call)
                if call["code"]:
                    lines.append("    " + call["code"])
            whole = "\n".join(lines) + "\n"
            sys.stderr.write(whole.encode("utf-8", "backslashreplace").decode("utf-8"))

    def tell(self):
        now = time.time()
        active = list(self.current.values())
        with self.lock:
            sums, self.sums = self.sums, Sums()
            since, self.since = self.since, now
            finished, self.finished = self.finished, []
        self.send(REQUESTS, self.place + self.software + self.requests(sums, active, since, now), now)
        for items in finished:
            self.send(SLOW_REQUEST, items, now)
        if SLOW:
            late = sorted((r for r in active if now - r.began >= SLOW), key=lambda r: r.began)
            for request in late[:MOST_SLOW]:
                request.is_told = True
                self.send(SLOW_REQUEST, self.slow(request, now), now)

    def requests(self, sums, active, since, now):
        period = max(now - since, 1e-6)
        elapsed = [0.0] * THREADS
        for request in active:
            if 0 < request.thread <= THREADS:
                elapsed[request.thread - 1] = max(now - request.called, 1e-6)
                sums.slots[request.thread - 1].busy += max(now - max(request.called, since), 0.0)
        cpu, before = os.times(), self.cpu
        self.cpu = cpu
        user, system = (cpu[0] - before[0]) / period, (cpu[1] - before[1]) / period
        count = max(sums.count, 1)
        items = [
            real(10, period), real(11, INTERVAL), real(12, SLOW),
            unsigned(20, sums.count), real(21, sums.count / period),
            real(22, min(sum(slot.busy for slot in sums.slots) / period / max(THREADS, 1), 1.0)),
            real(30, user), real(31, system), real(32, user + system),
            unsigned(40, resident()), unsigned(41, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024),
            unsigned(50, THREADS), unsigned(51, THREADS),
            unsigned(52, sum(1 for slot in sums.slots if slot.busy or slot.completed)),
            real(66, sums.time_in / count), real(67, sums.time_out / count),
            unsigned(100, sums.bytes_in), unsigned(101, sums.reads),
            unsigned(102, sums.bytes_out), unsigned(103, sums.writes),
            integers(110, [slot.completed for slot in sums.slots]),
            reals(111, [slot.busy for slot in sums.slots]), reals(112, [slot.cpu for slot in sums.slots]),
            reals(113, elapsed), reals(114, [slot.longest for slot in sums.slots]),
        ]
        for phase in range(PHASES):
            items.append(real(60 + phase, sums.times[phase] / count))
            items.append(integers(90 + phase, sums.buckets[phase]))
            if sums.count:
                items.append(real(70 + phase, sums.shortest[phase]))
                items.append(real(80 + phase, sums.longest[phase]))
        for status in range(5):
            items.append(unsigned(120 + status, sums.statuses[status]))
        return b"".join(items)

    def slow(self, request, now, event=None):
        """A slow request until now; with the event that it was completed."""
        times = phases(request, now)
        items = [
            real(201, request.began), real(202, now - request.began), unsigned(203, request.thread),
            text(204, request.log_id), unsigned(260, request.beside),
        ]
        items += [text(210 + i, value) for i, value in enumerate(request.about)]
        items += [real(220 + i, seconds) for i, seconds in enumerate(times[:-1])]
        if event is not None:
            items += [
                unsigned(200, 1), unsigned(230, event["input_length"]), unsigned(232, event["output_length"]),
                unsigned(240, number(request.status)), unsigned(261, len(self.current) + 1),
            ]
        return b"".join(items)

    def send(self, kind, items, stamp):
        if not TELLS:
            return
        with self.lock:
            self.sequence = self.sequence + 1 & 0xFFFFFFFF
            header = struct.pack("<4sBBHIId", b"WSGI", 1, kind, 0, self.pid, self.sequence, stamp)
            try:
                self.socket.sendto(header + items, SOCKET)
            except OSError:  # nobody listens, or not fast enough
                pass

    # What the monitor asks.

    def answer(self):
        while not self.ending.is_set():
            try:
                with connect(b"late\n") as late, connect(b"line\n") as line:
                    late.setblocking(False)  # C code that waited for a monitor would keep all threads waiting
                    self.converse(line, late)
            except OSError:  # no monitor, or not any more
                pass
            self.ending.wait(INTERVAL)

    def converse(self, line, late):
        with self.lock:
            self.line, self.late = line, late
        self.watch()
        try:
            for order in iter(lambda: line.recv(1), b""):
                if order == b"!":
                    self.replace()
                else:
                    line.sendall(json.dumps(self.stacks()).encode("ascii") + b"\n")
        finally:
            with self.lock:  # before their descriptors are those of other files
                self.line = self.late = None
                faulthandler.cancel_dump_traceback_later()

    def replace(self):
        """Ends this process as mod_wsgi does it: Apache starts another one."""
        print("wsgictl: this process takes %d MB, more than max-rss: it is replaced" % (resident() >> 20), file=sys.stderr)
        os.kill(self.pid, signal.SIGUSR1)

    def watch(self):
        """Has C code tell all stacks if this thread gets no turn for long, since it
        could not do so itself then."""
        with self.lock:
            if self.late is not None:
                faulthandler.dump_traceback_later(LATE, file=self.late.fileno())

    def stacks(self):
        now = time.time()
        frames = sys._current_frames()
        requests = []
        for ident, request in list(self.current.items()):
            about = dict(zip(ABOUT, request.about))
            requests.append({
                "start": request.began,
                "age": now - request.began,
                "thread": request.thread,
                "ident": ident,
                "method": about["REQUEST_METHOD"],
                "host": about["HTTP_HOST"],
                "path": about["SCRIPT_NAME"] + about["PATH_INFO"],
                "client": about["REMOTE_ADDR"],
                "log_id": request.log_id,
                "stack": stack(frames.get(ident)),
            })
        return {"group": mod_wsgi.process_group, "requests": requests}

    def end(self):
        self.ending.set()
        line = self.line
        if line is not None:
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in self.threads:
            thread.join(1)
        if not TELLS:
            return
        self.tell()
        active = len(self.current)
        self.send(
            STOPPED,
            self.place + text(130, self.reason) + real(131, time.time() - self.started) + unsigned(132, self.served)
            + unsigned(134, active) + unsigned(135, active == 0),
            time.time(),
        )


ABOUT = ("REQUEST_METHOD", "wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "SERVER_PROTOCOL", "REMOTE_ADDR")
MOST_SLOW = 16  # in one report, as mod_wsgi


def plain(words):
    """What a client sent, in one line of a log."""
    return ascii(words)[1:-1]


def connect(greeting):
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(STACKS)
        connection.sendall(greeting)
    except OSError:
        connection.close()
        raise
    return connection


def stack(frame):
    """The calls of a thread, the last one at the end."""
    if frame is None:
        return []
    calls = traceback.extract_stack(frame)[-DEEPEST:]
    return [{"file": c.filename, "line": c.lineno or 0, "function": c.name, "code": (c.line or "")[:LONGEST_TEXT]} for c in calls]


def phases(request, end):
    """The times until Apache's child handed the request over, until a daemon process
    took it, until the application was called, until it was done, and all of them."""
    return (
        request.queued - request.began,
        request.taken - request.queued,
        request.called - request.taken,
        end - request.called,
        end - request.began,
    )


def number(status):
    try:
        return int(status[:3])
    except ValueError:
        return 0


def status_class(status):
    """The place of 1xx to 5xx; no status is a failure."""
    found = number(status) // 100
    return found - 1 if 1 <= found <= 5 else 4


def resident():
    try:
        with open("/proc/self/statm") as f:
            return int(f.read().split()[1]) * PAGE
    except (OSError, IndexError, ValueError):
        return 0


def is_first():
    """Whether no other interpreter of this process has loaded this file: the first one
    keeps it open, which all see and no other process can pretend."""
    global claim
    path = os.path.realpath(__file__)
    try:
        open_files = os.listdir("/proc/self/fd")
    except OSError:  # in a chroot without /proc
        open_files = []
    for fd in open_files:
        try:
            if os.readlink("/proc/self/fd/" + fd) == path:
                return False
        except OSError:  # closed meanwhile
            pass
    claim = open(path, "rb")
    return True


def start():
    if not mod_wsgi.process_group:
        print("wsgictl telemetry: embedded mode tells nothing; give WSGIImportScript a process-group", file=sys.stderr)
        return
    if not is_first():
        print(
            "wsgictl telemetry: another interpreter of this process is watched already; requests in %r are not counted"
            % mod_wsgi.application_group, file=sys.stderr,
        )
        return
    process = Process()
    process.send(STARTED, process.place + process.software, process.started)
    mod_wsgi.subscribe_events(process.event)
    atexit.register(process.end)
    for thread in process.threads:
        thread.start()


start()
