"""Write datagrams of mod_wsgi-telemetry's simulator, each with what its own decoder reads from it.

datagrams.py COUNT SEED: for each datagram its length in four bytes, the datagram, the length of a JSON object in four bytes, the object.
"""

import json
import random
import struct
import sys

from mod_wsgi.telemetry import simulate
from mod_wsgi.telemetry.wire import FIELD_IDS, decode, encode

count, seed = int(sys.argv[1]), int(sys.argv[2])
random.seed(seed)
slots = {}


def sample(number):
    pid, seq = random.randrange(1, 1 << 22), random.randrange(1 << 32)
    kind = number % 6
    if kind < 2:
        return simulate.make_sample(pid, seq, random.uniform(0, 7), random.uniform(0.005, 0.2), slot_state=slots)
    if kind == 2:
        path = "".join(chr(random.choice((random.randrange(1, 127), random.randrange(160, 0x3000)))) for _ in range(random.randrange(60)))
        return simulate.make_slow_sample(pid, seq, random.randrange(2), random.randrange(1, 16), f"log{number}", "POST", path,
                                         random.uniform(1.5e9, 2e9), random.uniform(0, 500))
    if kind == 3:
        return simulate.make_started_sample(pid, seq, random.randrange(1 << 22))
    if kind == 4:
        return simulate.make_stopping_sample(pid, seq, "maximum_requests", random.randrange(20))
    return simulate.make_stopped_sample(pid, seq, "graceful_signal", random.uniform(0, 1e6), random.randrange(1 << 40), random.randrange(20))


def frame(data):
    return struct.pack("<I", len(data)) + data


for number in range(count):
    datagram = encode(sample(number))
    read = decode(datagram)
    fields = {str(FIELD_IDS[name]): value.decode("latin-1") if isinstance(value, bytes) else value for name, value in read.fields.items()}
    said = {"kind": read.kind, "pid": read.pid, "seq": read.seq, "stamp": read.stamp, "fields": fields}
    sys.stdout.buffer.write(frame(datagram) + frame(json.dumps(said).encode()))
