"""Workers are shared between organizations by weight, and an organization's streams end one after the other."""

from collections import Counter
from datetime import timedelta

from tldr_database import Database, driver
from tldr_jobs import Jobs, NewJob, PostgresJobs
from tldr_jobs.lease import Lease, Room
from tldr_jobs.leases import take

JOBS: Jobs = PostgresJobs()
LEASE = timedelta(seconds=60)


async def enqueue(database: Database, organization: str, subject: str, count: int = 1, priority: int = 0) -> None:
    async with database.tenant(organization) as transaction:
        await JOBS.enqueue(transaction, *[NewJob("analyse", organization, subject, priority=priority)] * count)


async def leased(database: Database, free: int, most: int = 0) -> list[Lease]:
    async with database.system() as transaction:
        return await take(await driver(transaction), [Room("analyse", free, LEASE, most or free)], [])


async def ended(database: Database, *leases: Lease) -> None:
    async with database.system() as transaction:
        ids = [lease.id for lease in leases]
        await (await driver(transaction)).execute("UPDATE jobs SET state = 'done' WHERE id = ANY ($1::bigint[])", ids)


async def test_an_organization_with_a_full_queue_leaves_half_to_another(database: Database) -> None:
    await enqueue(database, "a", "a1", 50)
    await enqueue(database, "b", "b1", 5)
    assert Counter(lease.organization for lease in await leased(database, 4)) == {"a": 2, "b": 2}


async def test_the_next_free_worker_goes_to_whom_has_none(database: Database) -> None:
    await enqueue(database, "a", "a1", 50)
    held = await leased(database, 4)
    assert {lease.organization for lease in held} == {"a"}, "nobody else waits"
    await enqueue(database, "b", "b1")
    await ended(database, held[0])
    assert [lease.organization for lease in await leased(database, 1)] == ["b"]


async def test_the_spare_worker_is_for_whom_has_none(database: Database) -> None:
    await enqueue(database, "a", "a1", 50)
    held = await leased(database, 3, most=2)
    assert [lease.organization for lease in held] == ["a", "a"]
    async with database.system() as transaction:
        rooms, own = [Room("analyse", 1, LEASE, 2)], [lease.id for lease in held]
        assert await take(await driver(transaction), rooms, own) == []
    await enqueue(database, "b", "b1", 2)
    async with database.system() as transaction:
        (lease,) = await take(await driver(transaction), rooms, own)
    assert lease.organization == "b"


async def test_a_larger_plan_has_a_larger_share_and_never_all(database: Database) -> None:
    await enqueue(database, "free", "f1", 30, priority=0)
    await enqueue(database, "business", "b1", 30, priority=20)
    assert Counter(lease.organization for lease in await leased(database, 8)) == {"business": 6, "free": 2}


async def test_an_organizations_older_stream_is_finished_first(database: Database) -> None:
    for _ in range(3):
        for subject in ("str_2", "str_1", "str_3"):
            await enqueue(database, "a", subject)
    order = [(await leased(database, 1))[0].subject for _ in range(9)]
    assert order == ["str_1"] * 3 + ["str_2"] * 3 + ["str_3"] * 3


async def test_streams_that_go_on_at_once_take_turns_and_go_before_those_that_end(database: Database) -> None:
    order = []
    await enqueue(database, "a", "str_0")
    for subject in ("str_2", "str_1", "str_3") * 3:
        async with database.tenant("a") as transaction:
            await JOBS.arm(transaction, NewJob("analyse", "a", subject, key=subject))
    for _ in range(3):
        (lease,) = await leased(database, 1)
        order.append(lease.subject)
        await ended(database, lease)
        async with database.tenant("a") as transaction:
            await JOBS.arm(transaction, NewJob("analyse", "a", lease.subject, key=lease.subject))
    order += [(await leased(database, 1))[0].subject for _ in range(4)]
    assert order == ["str_2", "str_1", "str_3"] * 2 + ["str_0"]


async def test_kinds_have_workers_of_their_own(database: Database) -> None:
    await enqueue(database, "a", "a1", 3)
    async with database.tenant("a") as transaction:
        await JOBS.enqueue(transaction, *[NewJob("cut", "a", "a1")] * 3)
    async with database.system() as transaction:
        rooms = [Room("analyse", 2, LEASE, 2), Room("cut", 1, LEASE, 1), Room("purge", 5, LEASE, 5)]
        taken = await take(await driver(transaction), rooms, [])
    assert Counter(lease.kind for lease in taken) == {"analyse": 2, "cut": 1}


async def test_arming_at_a_higher_priority_raises_that_of_what_waits(database: Database) -> None:
    for priority in (0, 20, 10):
        async with database.tenant("a") as transaction:
            await JOBS.arm(transaction, NewJob("analyse", "a", "a1", key="k", priority=priority))
    assert [lease.priority for lease in await leased(database, 2)] == [20]
