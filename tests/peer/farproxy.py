"""The holder's side of a farcall process in Python: proxies with the receipts that are owed for them, and requests.

Written from docs/protocol.md alone; section 5 of the page is what the counting is from.
"""

import math

from farwire import FarError


class Proxy:
    """A far object, or an attribute path from one: proxy.a.b (1, key=2) calls its method a.b and waits.

    The object has one Proxy as long as somebody here holds it, which counts the receipts; proxies with a path keep that
    one alive. When it goes, or by release (), the owner gets DEL.
    """

    def __init__(self, peer, owner, object, path="", class_name="", base=None):
        self._peer, self._owner, self._object, self._path = peer, owner, object, path
        self._class, self._base, self._receipts = class_name, base, 0
        self._options = {}

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self._at(name)

    def _at(self, path):
        """The attribute at a path from here, without asking."""
        if not path:
            return self
        path = f"{self._path}.{path}" if self._path else path
        return Proxy(self._peer, self._owner, self._object, path, base=self._base or self)

    def _option(self, name, usual):
        """What has been set here, or for the object that this is an attribute of."""
        return self._options.get(name, self._base._option(name, usual) if self._base else usual)

    def __call__(self, *arguments, **keywords):
        if self._option("mode", "sync") == "off":
            return self._peer.call_off(self, *arguments, **keywords)
        timeout_ms = self._option("timeout_ms", 10000)
        return self._peer.call(self, arguments, keywords, waits=True).wait(1e6 if timeout_ms < 0 else timeout_ms / 1000)

    def __repr__(self):
        return f"<{self._class or 'Proxy'} {self._object} of {self._owner:#x} {self._path}>"

    def _release(self):
        receipts, self._receipts = self._receipts, 0
        if receipts:
            self._peer._dropped(self, receipts)

    def __del__(self):
        if self._base is None:
            self._release()


def release(proxy):
    """Gives a reference back now, whoever still has the proxy."""
    (proxy._base or proxy)._release()


class Request:
    """A call under way."""

    def __init__(self, peer, id, party):
        self._peer, self.id, self.party = peer, id, party
        self.done, self._result, self.error = False, None, None
        self.by_broker = self.holds = False
        self.ends = math.inf  # when it does so by itself

    def wait(self, timeout=10.0):
        try:
            self._peer.loop.until(lambda: self.done, timeout, f"the answer of request {self.id}")
        except TimeoutError as error:
            if self.holds:
                self._peer.hold_no_more(self)
            raise FarError("Timeout", str(error))
        if self.error:
            raise self.error.fresh()
        return self._result

    def forget(self):
        """Nobody waits any more: what still comes is a late answer."""
        self._peer._open.pop(self.id, None)

    def _end(self, result=None, error=None):
        self.done, self._result, self.error = True, result, error
