"""The demonstration: the shipped, invented patients in a record that is thrown away, and one account a role. On this machine only."""

from __future__ import annotations

from peritia.patients import names, read
from peritia.store import Author, Record
from peritia.web.accounts import ROLES, Account
from peritia.web.house import House

CENTRE = "Demo"
DEMO_PASSWORD = "peritoneum-has-13-regions"
"""Known to everybody who reads this: a demonstration listens on the loopback address and holds invented patients."""


def fill(record: Record) -> None:
    """Take every shipped patient over."""
    author = Author(by="peritia", role="system", client="demo", centre=CENTRE)
    for name in names():
        record.open_case(read(name), author=author, case_id=name, request=f"demo-{name}", reason="Shipped with the program")


def demo_house(house: House) -> None:
    """Fill an empty house: patients and one account a role."""
    fill(house.record)
    kept = house.passwords.hash(DEMO_PASSWORD)
    for role in ROLES:
        house.accounts.add(Account(id=role, name=f"Demo {role.replace('-', ' ')}", roles=(role,), centres=(CENTRE,), password=kept))
