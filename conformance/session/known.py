"""For which releases the definitions of a run hold."""

from __future__ import annotations

from conformance.adapters.base import Adapter
from conformance.oracle import supported
from conformance.session.session import Session


def known(session: Session) -> dict[str, dict[str, dict[str, str]]]:
    """Return origin of an adapter -> distribution -> `oldest` and `newest`, and where the `installed` release is.

    That is `older`, `newer` or `known`.
    """
    return {adapter.origin: _known(adapter, session) for adapter in session.adapters}


def _known(adapter: Adapter, session: Session) -> dict[str, dict[str, str]]:
    claims = dict.fromkeys(entry.definition for entry in adapter.implementations if entry.definition)
    found = {}
    for releases in filter(None, map(supported, claims)):
        version = session.versions[adapter.origin].get(releases.distribution)
        if version is not None:
            newer = "newer" if releases.age(version) == "newer" else "known"
            where = newer if releases.includes(version) else "older"
            found[releases.distribution] = {
                "oldest": releases.oldest,
                "newest": releases.newest,
                "installed": where,
            }
    return found
