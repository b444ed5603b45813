"""Keys that were made before scopes were finer: they can do what they could, and nothing else."""

from tldr_gateway.adapters.accounts.keys_postgres import PostgresKeys
from tldr_gateway.bootstrap import DEFINITION
from tldr_gateway.domain.accounts.scopes import ALL_SCOPES, Scope
from tldr_testing.databases import upgraded

INSERT = "INSERT INTO api_keys (key_id, organization_id, name, prefix, digest, scopes, created_at) VALUES "
EVERY = "'streams:read', 'streams:write', 'webhooks:read', 'webhooks:write', 'organization:read', 'keys:write'"
GIVEN = {
    "reads": ("'streams:read'", {Scope.STREAMS_READ, Scope.HIGHLIGHTS_READ, Scope.CONFIGURATION_READ}),
    "writes": (
        "'streams:write'",
        {Scope.STREAMS_WRITE, Scope.STREAMS_DELETE, Scope.HIGHLIGHTS_WRITE, Scope.HIGHLIGHTS_DELETE},
    ),
    "hooks": (
        "'webhooks:read', 'webhooks:write'",
        {Scope.WEBHOOKS_READ, Scope.WEBHOOKS_WRITE, Scope.WEBHOOKS_DELETE},
    ),
    "makes": ("'keys:write', 'organization:read'", {Scope.API_KEYS_WRITE, Scope.ORGANIZATION_READ}),
    "all": (EVERY, ALL_SCOPES),
}


def row(name: str, scopes: str) -> str:
    return f"('{name}', 'org_1', '{name}', '{name}', 'd', ARRAY[{scopes}], now())"


async def test_a_key_of_before_has_what_it_had_also_when_it_is_made_during_the_upgrade(postgres_admin: str) -> None:
    rows = ", ".join(row(name, scopes) for name, (scopes, _) in GIVEN.items())
    organization = "WITH org AS (INSERT INTO organizations VALUES ('org_1', 'Example', 'team', 1, now()))"
    before = f"{organization} {INSERT} {rows}"
    async with (
        upgraded(postgres_admin, DEFINITION, "0006", before) as database,
        database.tenant("org_1") as transaction,
    ):
        await transaction.exec_driver_sql(INSERT + row("late", "'keys:write'"))
        found = {key.id: key.scopes for key in await PostgresKeys(transaction).all()}
    assert found == {name: scopes for name, (_, scopes) in GIVEN.items()} | {"late": {Scope.API_KEYS_WRITE}}
