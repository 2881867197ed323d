"""A register as FollowTheMoney entities, one a line of JSON, for Aleph, OpenSanctions' tools and others of that family.

====================  ================================================================================================
state                 PublicBody
organisation          Company, PublicBody (ministries, agencies, services, courts), else Organization; a bloc is one
person                Person
who has no name       LegalEntity: officials, experts, the opposition
weapon                Asset
transfer, service     Contract of the recipient, with a ContractAward to the supplier; the weapon by an UnknownLink
joint project         Project with ProjectParticipants
membership            Membership
other relations       UnknownLink between two parties, or a Note on the one; no restriction becomes a Sanction, since what
                      a source claims is no listing
text                  Article; each claim a Documentation of what it is about: ``recordId`` is the id of the claim,
                      ``description`` its quotation and who says so
====================  ================================================================================================

A number or year that nobody asserts outright has no property that could say so: it stands, in SIPRI's brackets, in the title and the
description alone. The schemata are those of https://followthemoney.tech/explorer/ (version 4).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations, product
from typing import IO, Any

import msgspec
import pycountry

from rasad.claims import Entity
from rasad.exchange.parts import Part, parts
from rasad.exchange.seen import Seen
from rasad.exchange.wording import number, said, standing
from rasad.gazetteer import entities as gazetteer
from rasad.register import Filters, Register
from rasad.register.deals import Evidence
from rasad.reports.wording import according_to, called

_ORGANISATIONS = {
    "company": "Company", **dict.fromkeys(("ministry", "agency", "service", "court"), "PublicBody"),
}  # fmt: skip
_KINDS = {
    "country": "PublicBody", "bloc": "Organization", "org": "Organization", "person": "Person", "anonymous": "LegalEntity",
    "system": "Asset", "class": "Asset", "category": "Asset", "place": "Address",
}  # fmt: skip
_GONE = {"SUN": "suhh", "YUG": "yucs", "CSK": "cshh", "DDR": "dd", "XKX": "xk"}  #: codes of FollowTheMoney's own list
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")


def write(register: Register, filters: Filters, stream: IO[bytes]) -> tuple[int, int]:
    """Writes the entities; each stands there once, before what links to it. Gives how many deals and relations were written, and
    how many left out because they are only denied. Raises FilterError."""
    written = left = 0
    with Seen() as seen:
        for part in parts(register, filters):
            if part.denied_only:
                left += 1
                continue
            written += 1
            made = {entity["id"]: entity for entity in _made(part)}
            stream.writelines(msgspec.json.encode(made[one]) + b"\n" for one in seen.fresh(made))
    return written, left


def _made(part: Part) -> Iterator[dict[str, Any]]:
    """Everything that a deal or relation gives."""
    for entity in part.entities.values():
        yield _entity(entity)
    for told in part.evidence:
        yield _article(told)
    subject, *more = _FRAMES.get(part.row.frame, _relation)(part)
    yield from (subject, *more)
    about = _identifier(part.row.id) if subject["schema"] in ("Contract", "Project", "Note") else _ends(part)[0][0]
    for told in part.evidence:
        yield _documentation(part, told, about)


def _proxy(schema: str, identifier: str, **properties: Iterable[object]) -> dict[str, Any]:
    """An entity as FollowTheMoney's JSON has it: every property a list of texts, none of them empty or twice there."""
    texts = {name: [str(one).strip() for one in values if one is not None] for name, values in properties.items()}
    held = {name: [*dict.fromkeys(filter(None, values))] for name, values in texts.items()}
    return {"id": identifier, "schema": schema, "properties": {name: values for name, values in held.items() if values}}


def _identifier(own: str) -> str:
    """An id of letters, digits, dots and hyphens; what has others ends in a part of its hash."""
    plain = own.replace(":", "-", 1)
    if not _UNSAFE.search(plain):
        return plain
    return f"{_UNSAFE.sub('-', plain).strip('-.')}-{hashlib.sha256(own.encode()).hexdigest()[:8]}"


# Whom and what.


def _schema(entity: Entity) -> str:
    if entity.type == "org":
        known = gazetteer().get(entity.id)
        return _ORGANISATIONS.get(known.kind if known else "", "Organization")
    return _KINDS.get(entity.type, "LegalEntity")


def _entity(entity: Entity) -> dict[str, Any]:
    schema, code = _schema(entity), entity.id.partition(":")[2] if entity.type == "country" else entity.country
    return _proxy(
        schema, _identifier(entity.id), name=[called(entity.id, entity.name)], country=[_country(code)], notes=[entity.id],
        keywords=[entity.type, entity.category] if schema == "Asset" else [],
    )  # fmt: skip


@cache
def _country(code: str | None) -> str | None:
    """FollowTheMoney's code of a state: that of ISO 3166-1 alpha-2, in small letters."""
    known = pycountry.countries.get(alpha_3=code) if code else None
    return known.alpha_2.lower() if known else _GONE.get(code or "")


@cache
def _language(code: str) -> str | None:
    known = pycountry.languages.get(alpha_2=code)
    return str(known.alpha_3) if known else None


def _article(told: Evidence) -> dict[str, Any]:
    printed = told.publications
    return _proxy(
        "Article", _identifier(told.document), title=[one.title or one.name for one in printed], fileName=[one.name for one in printed],
        publisher=[one.outlet for one in printed], publishedAt=[one.published for one in printed], notes=[told.document],
        sourceUrl=[one.address for one in printed if (one.address or "").startswith(("http://", "https://"))],
        language=[_language(told.claim.language)],
    )  # fmt: skip


# Deals and relations.


def _contract(part: Part) -> Iterator[dict[str, Any]]:
    row, own = part.row, _identifier(part.row.id)
    sure = row.value if "value" not in row.estimates else None
    worth = {"amount": [f"{sure.amount:.12g}"], "currency": [sure.currency]} if sure else {}
    yield _proxy(
        "Contract", own, title=[said(row)], name=[said(row)], authority=_in(part, "recipient", "client"), status=[row.stage],
        type=[_plain(row.frame), *row.attributes.get("activity", ())], classification=[row.category],
        keywords=[one.name for one in row.roles.get("item", ())], cancelled=["true"] if row.stage == "cancelled" else [],
        contractDate=[row.year_of_order] if "year_of_order" not in row.estimates else [], description=_told(part),
        proof=_proof(part), **worth,
    )  # fmt: skip
    for role in ("supplier", "provider"):
        for supplier in _in(part, role):
            award = {"contract": [own], "supplier": [supplier], "role": [role], **worth}
            yield _proxy("ContractAward", f"{own}-{supplier}", **award, **_interest(part))
    yield from _items(part)


def _project(part: Part) -> Iterator[dict[str, Any]]:
    own = _identifier(part.row.id)
    yield _proxy("Project", own, name=[said(part.row)], description=_told(part), **_interest(part))
    for party in _in(part, "party"):
        ends = {"project": [own], "participant": [party]}
        yield _proxy("ProjectParticipant", f"{own}-{party}", **ends, **_interest(part))
    yield from _items(part)


def _items(part: Part) -> Iterator[dict[str, Any]]:
    """What a deal is about."""
    own = _identifier(part.row.id)
    for item in _in(part, "item"):
        yield _proxy("UnknownLink", f"{own}-{item}", subject=[own], object=[item], role=["item"], **_interest(part))


def _membership(part: Part) -> Iterator[dict[str, Any]]:
    blocs = part.row.roles.get("organisation", ())
    if any(_schema(part.entities[one.id]) not in ("Organization", "Company", "PublicBody") for one in blocs):
        yield from _relation(part)
        return
    for member, bloc in product(_in(part, "member"), _in(part, "organisation")):
        ends = {"member": [member], "organization": [bloc], "role": part.row.attributes.get("standing", ())}
        yield _proxy("Membership", _between(part, member, bloc), **ends, description=_told(part), **_interest(part))


def _relation(part: Part) -> Iterator[dict[str, Any]]:
    """A link between the first party and the second, else the thing; of one alone a note."""
    ends = _ends(part)
    if len(ends[0]) == 1:
        told = {"name": [_summary(part)], "description": _told(part)}
        yield _proxy("Note", _identifier(part.row.id), entity=ends[0], proof=_proof(part), **told)
        return
    values = (value for held in part.row.attributes.values() for value in held)
    role = " ".join([_plain(part.row.frame), *values])
    for first, second in ends:
        link = {"subject": [first], "object": [second], "role": [role], "description": _told(part)}
        yield _proxy("UnknownLink", _between(part, first, second), **link, **_interest(part))


_FRAMES = {"transfer": _contract, "service": _contract, "joint_project": _project, "membership": _membership}


def _in(part: Part, *roles: str) -> list[str]:
    """Who or what fills some roles."""
    return [_identifier(one.id) for role in roles for one in part.row.roles.get(role, ())]


def _between(part: Part, first: str, second: str) -> str:
    return f"{_identifier(part.row.id)}-{first}-{second}"


def _ends(part: Part) -> list[tuple[str, ...]]:
    """The two ends of each link, or the one end that there is."""
    first, *others = (_in(part, role) for role in part.row.roles)
    if len(first) > 1:
        return [*combinations(first, 2)]
    return [*product(first, others[0])] if others else [(first[0],)]


def _interest(part: Part) -> dict[str, list[Any]]:
    """What every link has: its sentence, with what came of an accusation and who denies it, years, the id in the register and
    the texts."""
    row = part.row
    return {
        "summary": [_summary(part)], "status": [row.stage], "startDate": [row.first_year], "endDate": [row.last_year],
        "recordId": [row.id], "proof": _proof(part),
    }  # fmt: skip


def _summary(part: Part) -> str:
    return f"{said(part.row)} · {standing(part.row)}" if part.row.frame == "allegation" else said(part.row)


def _told(part: Part) -> list[str]:
    """What a schema has no property for, and every quotation with who says it."""
    row = part.row
    known = {
        "number ordered": number(row, "number_ordered"), "number delivered": number(row, "number_delivered"),
        "estimates, which nobody asserts outright": ", ".join(map(_plain, row.estimates)),
        "sources disagree on": ", ".join(row.disputed), "independent sources": str(row.sources),
        "finding": standing(row) if row.frame == "allegation" else "",
    }  # fmt: skip
    return [*(f"{name}: {value}" for name, value in known.items() if value), *map(_quotation, part.evidence)]


def _quotation(told: Evidence) -> str:
    claim = told.claim
    marks = {claim.certainty: claim.certainty != "asserted", "denial": claim.polarity == "negative"}
    by = ", ".join([according_to(claim.attribution), *(mark for mark, held in marks.items() if held)])
    return f"“{claim.evidence.quote}” {by} [{claim.id}]"


def _proof(part: Part) -> list[str]:
    return [_identifier(told.document) for told in part.evidence]


def _documentation(part: Part, told: Evidence, about: str) -> dict[str, Any]:
    claim = told.claim
    return _proxy(
        "Documentation", f"{_identifier(part.row.id)}-{claim.id}", document=[_identifier(told.document)], entity=[about],
        role=[_plain(part.row.frame)], summary=[_summary(part)], description=[_quotation(told)], recordId=[claim.id],
        status=[claim.certainty], date=[one.published for one in told.publications],
    )  # fmt: skip


def _plain(name: str) -> str:
    return name.replace("_", " ")
