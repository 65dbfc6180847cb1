"""Credit (section 3, "Credit"), both sides of it: what a farcall process in Python may send to others, and what it lets
others send. Written from docs/protocol.md alone. Knows nothing of sockets.
"""

from farwire import *

WINDOW_MESSAGES, WINDOW_BYTES = 256, 1 << 20


def takes_credit(message, received=False):
    """Does this message, to its party or from it, take credit?"""
    serial = message.party & 0xffffffff
    return message.type in REQUESTS and message.type != CLOSE and 2 <= serial and not (received and serial >= 1 << 31)


def size_of(message):
    return len(message.body) + sum(len(pack_field(*field)) for field in message.fields)


class Sent:
    """What was sent to one process, and what may be."""

    def __init__(self, process):
        self.messages = self.bytes = 0
        self.limit_messages, self.limit_bytes = FIRST_MESSAGES, FIRST_BYTES
        if process & 0xffffffff >= 1 << 31:  # a fleet or pipeline
            self.limit_messages = self.limit_bytes = 1

    def may_go_on(self):
        return self.messages < self.limit_messages and self.bytes < self.limit_bytes

    def count(self, message):
        self.messages += 1
        self.bytes += size_of(message)

    def take(self, message):
        """A CREDIT of that process."""
        for messages, size in message.all(CREDIT_FIELD):
            if message.flags & BY_BROKER:
                self.messages, self.bytes = self.messages - messages, self.bytes - size
            else:
                self.limit_messages = max(self.limit_messages, messages)
                self.limit_bytes = max(self.limit_bytes, size)


class Given:
    """What one process has sent, and was told that it may send."""

    def __init__(self):
        self.messages = self.bytes = self.taken_messages = self.taken_bytes = 0
        self.told_messages, self.told_bytes = FIRST_MESSAGES, FIRST_BYTES

    def arrives(self, message):
        """False: it was not allowed to be sent."""
        if self.messages >= self.told_messages or self.bytes >= self.told_bytes:
            return False
        self.messages += 1
        self.bytes += size_of(message)
        return True

    def begins(self, message):
        self.taken_messages += 1
        self.taken_bytes += size_of(message)

    def tell(self):
        """The limits to be told now; None: none."""
        messages, size = self.taken_messages + WINDOW_MESSAGES, self.taken_bytes + WINDOW_BYTES
        if messages - self.told_messages < WINDOW_MESSAGES // 2 and size - self.told_bytes < WINDOW_BYTES // 2:
            return None
        self.told_messages, self.told_bytes = max(messages, self.told_messages), max(size, self.told_bytes)
        return self.told_messages, self.told_bytes
