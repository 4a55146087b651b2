"""Let clients that wait have the connections of those that were answered.

A connection that Apache keeps alive holds one of its threads. Apache adds
processes only once a second, so that a rush of clients would find all threads
held by those who came first, and wait for seconds. While clients wait to be
accepted, answers therefore end their connection: each client is served in its
turn, and who was answered queues again.

mod_wsgictl counts what Apache's processes have accepted. Who still waits to be
accepted the kernel alone knows, and without anybody who waits no connection is
to be closed.
"""

import _socket  # socket costs each process a megabyte
import struct
from time import monotonic

INTERVAL = 0.02  # seconds for which an answer of the kernel is believed
AGAIN = 60  # seconds until a kernel that would not answer is asked again

SOCK_DIAG = 4  # NETLINK_SOCK_DIAG
BY_FAMILY = 20  # SOCK_DIAG_BY_FAMILY, the type of the question and of its answer
QUESTION = "=IHHII BBBBI 2s2s16s16sIII"  # nlmsghdr, inet_diag_req_v2
ANSWER = "=4xH66xI"  # nlmsghdr and inet_diag_msg: type of the message, idiag_rqueue
ANY_SOCKET = 0xFFFFFFFF  # each half of INET_DIAG_NOCOOKIE


def in_turn(application, ports):
    """Wrap an application of a server that listens on these ports.

    Where the kernel cannot be asked (another system than Linux, or a sandbox)
    connections are kept alive as ever.
    """
    next_look = 0.0
    crowded = False

    def answer(environ, start_response):
        nonlocal next_look, crowded
        now = monotonic()
        if now >= next_look:
            next_look = now + INTERVAL
            try:
                crowded = any(waiting(environ["SERVER_ADDR"], port) for port in ports)
            except (AttributeError, OSError):
                next_look, crowded = now + AGAIN, False
        if crowded:
            return application(environ, closing(start_response))
        return application(environ, start_response)

    return answer


def closing(start_response):
    """Wrap the server's start_response so that the connection ends."""

    def start(status, headers, *exc_info):
        if isinstance(headers, list):  # else the server refuses them, whoever waits
            headers = headers + [("Connection", "close")]
        return start_response(status, headers, *exc_info)

    return start


def waiting(address, port):
    """Give how many clients wait to be accepted by the listener of a port.

    address is one that the server is reached at, as in SERVER_ADDR. Asks by
    netlink for that one socket (see sock_diag(7)); no other is looked at.
    """
    address = address.partition("%")[0]  # of a link-local one the interface
    family = _socket.AF_INET6 if ":" in address else _socket.AF_INET
    question = struct.pack(
        QUESTION,
        *(struct.calcsize(QUESTION), BY_FAMILY, 1, 0, 0),  # 1: NLM_F_REQUEST
        *(family, _socket.IPPROTO_TCP, 0, 0, ANY_SOCKET),
        *(port.to_bytes(2, "big"), b"", _socket.inet_pton(family, address), b"", 0, ANY_SOCKET, ANY_SOCKET)
    )
    kernel = _socket.socket(_socket.AF_NETLINK, _socket.SOCK_RAW, SOCK_DIAG)
    try:
        kernel.send(question)
        kind, queued = struct.unpack_from(ANSWER, kernel.recv(4096))
    finally:
        kernel.close()
    return queued if kind == BY_FAMILY else 0  # else an error: nobody listens there
