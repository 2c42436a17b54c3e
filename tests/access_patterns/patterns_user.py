"""Users."""

from __future__ import annotations

from algoitny.domain.plan import STANDARD_PLANS
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World
from tests.realistic import GRACE, grace


@pattern(
    "U1",
    "users.create_user",
    "Transact: Put EMAIL#grace.brewster.hopper@example.org / UNQ if attribute_not_exists(PK)",
    "and Put GID#104827364519283746501 / UNQ if attribute_not_exists(PK)",
    "and Put USR#<grace> / META if attribute_not_exists(PK)",
    reads=0,
    writes=8,
)
def _(world: World) -> Call:
    return world.user


@pattern("U2", "users.get_user_by_id", "Get USR#<grace> / META", reads=0.5)
def _(world: World) -> Call:
    world.user()
    return lambda: world.repositories.users.get_user_by_id(GRACE)


@pattern(
    "U2b",
    "users.get_users",
    "BatchGet USR#<grace> / META",
    reads=0.5,
)
def _(world: World) -> Call:
    world.user()
    return lambda: world.repositories.users.get_users([GRACE])


@pattern(
    "U3",
    "users.get_user_by_email",
    "Query GSI1: GSI1PK = EMAIL#grace.brewster.hopper@example.org; at most 1",
    reads=0.5,
)
def _(world: World) -> Call:
    email = world.user().email
    return lambda: world.repositories.users.get_user_by_email(email)


@pattern(
    "U3b",
    "users.get_user_by_email",
    "Query GSI1: GSI1PK = EMAIL#nobody@example.org; at most 1",
    "Get EMAIL#nobody@example.org / UNQ; consistent",
    reads=2.5,
    way="nobody's",
)
def _(world: World) -> Call:
    return lambda: world.repositories.users.get_user_by_email("nobody@example.org")


@pattern(
    "U4",
    "users.get_user_by_google_id",
    "Get GID#104827364519283746501 / UNQ",
    "Get USR#<grace> / META",
    reads=2,
)
def _(world: World) -> Call:
    google_id = world.user().google_id
    return lambda: world.repositories.users.get_user_by_google_id(google_id or "")


@pattern("U5", "users.update_user", "Update USR#<grace> / META if tp = user", writes=2)
def _(world: World) -> Call:
    world.user()
    return lambda: world.repositories.users.update_user(GRACE, name="Amazing Grace")


@pattern(
    "U5b",
    "users.update_subscription_plan",
    "Get PLAN / PLAN#Pro; consistent",
    "Update USR#<grace> / META if tp = user",
    reads=1,
    writes=4,
)
def _(world: World) -> Call:
    world.repositories.plans.create_missing(STANDARD_PLANS)
    world.user()
    return lambda: world.repositories.users.update_subscription_plan(GRACE, "Pro")


@pattern("U5c", "users.activate_user", "Update USR#<grace> / META if tp = user", writes=2)
def _(world: World) -> Call:
    world.user(is_active=False)
    return lambda: world.repositories.users.activate_user(GRACE)


@pattern("U5d", "users.deactivate_user", "Update USR#<grace> / META if tp = user", writes=2)
def _(world: World) -> Call:
    world.user()
    return lambda: world.repositories.users.deactivate_user(GRACE)


@pattern(
    "U6",
    "users.list_users",
    "Query GSI2: GSI2PK = PLAN#Free; at most 20",
    "BatchGet 20 × USR#<grace> / META",
    reads=10.5,
)
def _(world: World) -> Call:
    for number in range(20):
        world.user(
            id=f"01JPA0GRACE00000000000{number:04}",
            email=f"{number}@example.org",
            google_id=f"1048273645192837465{number:02}",
        )
    return lambda: world.repositories.users.list_users(plan="Free", limit=20)


@pattern("U7", "users.is_admin", "Get USR#<grace> / META", reads=0.5)
def _(world: World) -> Call:
    user = world.user()
    return lambda: world.repositories.users.is_admin(GRACE, [user.email])


@pattern(
    "U7b",
    "users.user_exists",
    "Get EMAIL#grace.brewster.hopper@example.org / UNQ",
    reads=1,
)
def _(world: World) -> Call:
    email = world.user().email
    return lambda: world.repositories.users.user_exists(email)


@pattern(
    "U9",
    "users.batch_create_users",
    "Transact: Put EMAIL#grace.brewster.hopper@example.org / UNQ if attribute_not_exists(PK)",
    "and Put GID#104827364519283746501 / UNQ if attribute_not_exists(PK)",
    "and Put USR#<grace> / META if attribute_not_exists(PK)",
    "and Put EMAIL#ada.king@example.org / UNQ if attribute_not_exists(PK)",
    "and Put GID#104827364519283746502 / UNQ if attribute_not_exists(PK)",
    "and Put USR#<ada> / META if attribute_not_exists(PK)",
    writes=16,
)
def _(world: World) -> Call:
    grace_, ada = (
        grace(world.clock),
        grace(
            world.clock,
            id="01JPA0ADA000000000000000H0",
            email="ada.king@example.org",
            google_id="104827364519283746502",
        ),
    )
    return lambda: world.repositories.users.batch_create_users([grace_, ada])


@pattern(
    "U8",
    "users.delete_user",
    "Get USR#<grace> / META; consistent",
    "Transact: Put USR#<grace> / META if (tp = user AND v = 1)",
    "and Delete EMAIL#grace.brewster.hopper@example.org / UNQ if uid = <grace>",
    "and Delete GID#104827364519283746501 / UNQ if uid = <grace>",
    reads=1,
    writes=9,
)
def _(world: World) -> Call:
    world.user()
    return lambda: world.repositories.users.delete_user(GRACE)
