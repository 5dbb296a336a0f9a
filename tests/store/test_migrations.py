"""The schema goes up and down with data on both engines; nothing is lost on the way, and the tables are what the code says."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from peritia.patients import names, read
from peritia.store import Place, Record, migrations
from peritia.store.audit import verify
from peritia.store.database import connect, reading, writing
from peritia.store.errors import RecordRefused, SchemaUnknown
from peritia.store.tables import metadata

from .store_cast import ANNA, NORTH, Clock


def test_the_migrated_tables_are_those_of_the_code(record: Record) -> None:
    with reading(record.engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        indexes = {one["name"] for table in ("events", "cases") for one in inspect(connection).get_indexes(table)}
    assert {"events_request", "cases_recent"} <= indexes


def test_down_and_up_with_data_keeps_every_event_and_builds_the_index_again(record: Record, place: Place, clock: Clock) -> None:
    for name in names()[:4]:
        record.open_case(read(name), author=ANNA)
    record.add("anton", "about", {"title": "Another title"}, author=ANNA)
    head, rows = record.head(), record.search(scope=NORTH)
    migrations.downgrade(record.engine, "0001")
    assert migrations.revision(record.engine) == "0001"
    with reading(record.engine) as connection:
        assert not inspect(connection).has_table("cases")
    assert verify(record.engine, record.ring(), place).whole
    with pytest.raises(RecordRefused, match=r"holds \d+ events"):
        migrations.downgrade(record.engine, "base")
    assert migrations.revision(record.engine) == "0001"
    with Record.open(place, clock=clock) as again:
        assert again.head() == head
        assert again.search(scope=NORTH) == rows
        assert again.case("maria", scope=NORTH) == read("maria") if "maria" in names()[:4] else True
        assert verify(again.engine, again.ring(), place).whole


def test_an_empty_schema_goes_down_to_nothing_and_up_again(place: Place) -> None:
    engine = connect(place.url)
    for _ in range(2):
        migrations.upgrade(engine)
        assert migrations.revision(engine) == migrations.HEAD
        migrations.downgrade(engine, "base")
        assert migrations.revision(engine) == ""
        with reading(engine) as connection:
            assert inspect(connection).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_the_rules_stand_again_after_down_and_up(place: Place, clock: Clock) -> None:
    engine = connect(place.url)
    migrations.upgrade(engine)
    migrations.downgrade(engine, "base")
    engine.dispose()
    with Record.open(place, clock=clock) as record:
        with pytest.raises(RecordRefused), writing(record.engine) as connection:
            connection.execute(text("DELETE FROM events"))
        assert record.head().seq == 1


def test_a_record_of_a_newer_program_is_left_alone(record: Record, place: Place, clock: Clock) -> None:
    with writing(record.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaUnknown):
        Record.open(place, clock=clock)
