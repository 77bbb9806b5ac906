import itertools

import pytest

from weighbridge.fleet.permissions import GRANTED, OPEN, ROLES, WHOLE_FLEET, Permission, Role, Scope, Viewer, granted


def _viewer(role, permissions=None):
    granted = GRANTED[role] if permissions is None else permissions
    return Viewer(account_id="a", name="ada", role=role, permissions=frozenset(granted))


def test_each_role_may_all_that_the_one_before_it_may():
    ladder = [GRANTED[role] for role in (Role.VIEWER, Role.ANALYST, Role.APPROVER, Role.ADMINISTRATOR)]
    for lower, higher in itertools.pairwise(ladder):
        assert lower < higher


def test_every_permission_is_open_or_some_role_has_it():
    assert set(Permission) == OPEN | ROLES
    assert not OPEN & ROLES


def test_the_owner_of_an_endpoint_sees_that_and_nothing_else():
    models = {Permission.MODELS_READ, Permission.MODELS_REQUEST}
    assert GRANTED[Role.OWNER] == models | {
        Permission.SIGNED_IN,
        Permission.OWN_DEVICE,
        Permission.EXCEPTIONS_ASK,
    }


@pytest.mark.parametrize("permission", sorted(set(Permission) - OPEN))
def test_without_permissions_nothing_is_allowed(permission):
    assert not _viewer(Role.ADMINISTRATOR, ()).may(permission)
    assert _viewer(Role.ADMINISTRATOR, {permission}).may(permission)


def test_only_administrators_make_accounts_and_enrollment_tokens():
    for permission in (Permission.ACCOUNTS_MANAGE, Permission.ENDPOINTS_MANAGE):
        assert [role for role in Role if _viewer(role).may(permission)] == [Role.ADMINISTRATOR]


def test_a_scope_of_no_groups_is_not_that_of_all():
    assert Scope(groups=()) != Scope()


def test_who_is_limited_to_some_endpoints_does_nothing_that_concerns_all():
    """Fleet's advisories on team administrators: one of a group must not become one of everything."""
    for limited in (Scope(groups=("lab",)), Scope(groups=()), Scope(endpoint_id="a" * 16)):
        for role in Role:
            assert granted(role, limited) == GRANTED[role] - WHOLE_FLEET
            assert granted(role, Scope()) == GRANTED[role]
    assert GRANTED[Role.ADMINISTRATOR] > WHOLE_FLEET
