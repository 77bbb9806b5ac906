"""Business context of repositories in files."""

from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import business_context
from weighbridge.fleet.business_context import Repository, repository_name
from weighbridge.fleet.config_section import Body, Section, Work
from weighbridge.fleet.context_routes import DataClass


class RepositoryItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One repository."""

    name: str
    owner: Annotated[str, Meta(max_length=255)] = ""
    data_class: DataClass = ""
    note: Annotated[str, Meta(max_length=500)] = ""


def _body(item: RepositoryItem | Repository) -> Body:
    return {"owner": item.owner, "data_class": item.data_class, "note": item.note}


def _read(connection: Connection) -> dict[str, Body]:
    return {one.name: _body(one) for one in business_context.repositories(connection)}


def _write(connection: Connection, work: Work, item: RepositoryItem) -> None:
    wanted = Repository(name=item.name, owner=item.owner, data_class=item.data_class, note=item.note)
    business_context.set_repository(connection, wanted, work.now)


def _remove(connection: Connection, _work: Work, key: str) -> None:
    business_context.remove_repository(connection, key)


SECTION = Section(
    name="repositories",
    about="Who answers for a repository, and which class of data it works with.",
    item=RepositoryItem,
    key=lambda item: repository_name(item.name),
    body=_body,
    read=_read,
    write=_write,
    remove=_remove,
)
