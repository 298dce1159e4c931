"""The ledger's peer: django-hordak, by `transfer_to` as its guide shows it, and by `bulk_create` of its own models.

It runs with an interpreter of its own (`.local/bench-hordak`). Its accounts are loaded once and kept, which a web
application would not do. It knows no keys: the same transfer posted again is posted again.
"""
# ruff: noqa: PLC0415 - Django is configured before its models can be imported

import sys
from datetime import date
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings

from benchmarks.worker import ACCOUNTS, SPAS, Transfer

ON = date(2026, 11, 22)
FIRST = 1 - min(SPAS)
"""Its keys begin at 1."""


def configure(database: str) -> None:
    """Django with hordak and PostgreSQL, and nothing else: no request, no middleware, connections kept."""
    parts = urlsplit(database)
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "djmoney", "hordak"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts.path.lstrip("/"),
                "USER": parts.username,
                "HOST": parse_qs(parts.query)["host"][0],
                "CONN_MAX_AGE": None,
                "OPTIONS": {"server_side_binding": True},
            }
        },
        DEFAULT_CURRENCY="USD",
        CURRENCIES=["USD"],
        HORDAK_INTERNAL_CURRENCY="USD",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()


def prepare() -> None:
    """Its migrations, and its accounts: number n of ours has the primary key n + FIRST."""
    from django.core.management import call_command
    from django.db import connection
    from hordak.models import Account

    call_command("migrate", verbosity=0)
    Account.objects.bulk_create(
        [
            Account(
                pk=n + FIRST, name=f"account {n}", code=None, type="IN" if n in SPAS else "AS", currencies=["USD"],
                lft=1, rght=2, tree_id=n + FIRST, level=0,
            )
            for n in range(min(SPAS), ACCOUNTS + 1)
        ],
        batch_size=1000,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE hordak_account")


class HordakPoster:
    """Posts as its documentation does; one transaction a posting, and one a batch."""

    once = False

    def __init__(self, database: str) -> None:
        configure(database)
        from django.db import transaction
        from hordak.models import Account, Leg, Transaction
        from moneyed import USD, Money

        self.atomic, self.leg, self.transaction = transaction.atomic, Leg, Transaction
        self.money = lambda cents: Money(f"{cents // 100}.{cents % 100:02}", USD)
        self.account = {account.pk - FIRST: account for account in Account.objects.all()}

    def post(self, transfer: Transfer) -> None:
        key, debit, credit, cents = transfer
        with self.atomic():
            self.account[credit].transfer_to(self.account[debit], self.money(cents), description=key, date=ON)

    def post_many(self, transfers: list[Transfer]) -> None:
        with self.atomic():
            made = self.transaction.objects.bulk_create(
                [self.transaction(description=transfer.key, date=ON) for transfer in transfers]
            )
            legs = []
            for entry, (_, debit, credit, cents) in zip(made, transfers, strict=True):
                amount = self.money(cents)
                legs.append(self.leg(transaction=entry, account=self.account[credit], credit=amount))
                legs.append(self.leg(transaction=entry, account=self.account[debit], debit=amount))
            self.leg.objects.bulk_create(legs)

    def balances(self) -> dict[int, int]:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT account_id - {FIRST}, (sum(coalesce(debit, 0) - coalesce(credit, 0)) * 100)::bigint"
                " FROM hordak_leg GROUP BY 1 HAVING sum(coalesce(debit, 0) - coalesce(credit, 0)) <> 0"
            )
            return dict(cursor.fetchall())

    def entries(self) -> int:
        return int(self.transaction.objects.count())


open_poster = HordakPoster

if __name__ == "__main__":
    configure(sys.argv[1])
    prepare()
