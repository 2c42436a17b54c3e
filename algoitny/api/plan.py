"""Plans: those on offer, one's own, and for administrators all of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import url_for
from marshmallow import fields, validate

from algoitny.api.authentication import Access, current_caller
from algoitny.api.blueprint import Blueprint, Links
from algoitny.api.etag import ETAG_HEADER, IF_MATCH_ERRORS, IfMatchSchema, etag, matching
from algoitny.api.fields import Flag, Line, Segment, Whole
from algoitny.domain.plan import HIGHEST_PRICE, MOST_UNITS, NAME_LENGTH, UNLIMITED, Plan
from algoitny.domain.token import Scope
from algoitny.services.container import container

offers = Blueprint("plans", __name__, url_prefix="/api/auth/plans", description="Plans")
own_plan = Blueprint("own_plan", __name__, url_prefix="/api/account/plan", description="Account")
admin_plans = Blueprint(
    "admin_plans", __name__, url_prefix="/api/admin/plans", description="Administration"
)


class Limit(Whole):
    """Units a UTC day; -1 is unlimited."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            UNLIMITED, MOST_UNITS, metadata={"description": "-1: unlimited."}, **kwargs
        )


class Price(fields.Float):
    """A number with two decimals at most."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(min=0, max=HIGHEST_PRICE), **kwargs)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if type(value) not in (int, float) or not math.isfinite(value):
            raise self.make_error("invalid", input=value)
        price = Decimal(str(value))
        # Beyond the range, which is checked next, there may be too many digits to round at all.
        if abs(price) <= HIGHEST_PRICE and price != round(price, 2):
            raise ma.ValidationError("At most two decimal places are allowed.")
        return price


class PlanSchema(ma.Schema):
    """What a plan allows. Its `id` is its name."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    max_hints_per_day = fields.Integer(required=True, metadata={"description": "-1: unlimited."})
    max_executions_per_day = fields.Integer(
        required=True, metadata={"description": "-1: unlimited."}
    )
    max_problems = fields.Integer(
        required=True, metadata={"description": "Problems one may own; -1: unlimited."}
    )
    can_view_all_problems = fields.Boolean(required=True)
    can_register_problems = fields.Boolean(required=True)
    price = fields.Float(required=True)
    is_active = fields.Boolean(required=True)


class PlansSchema(ma.Schema):
    """Plans, cheapest first."""

    items = fields.List(fields.Nested(PlanSchema), required=True)


class ChosenPlanSchema(ma.Schema):
    """Which plan."""

    plan = Line(max_length=NAME_LENGTH, required=True, metadata={"example": "Free"})


class PlanChangeSchema(ma.Schema):
    """The fields to change; the name never does."""

    max_hints_per_day = Limit()
    max_executions_per_day = Limit()
    max_problems = Limit()
    can_view_all_problems = Flag()
    can_register_problems = Flag()
    price = Price()
    is_active = Flag(
        metadata={"description": "false: no further user can get it; who has it keeps it."}
    )


class NewPlanSchema(ma.Schema):
    """A plan to create."""

    name = Segment(max_length=NAME_LENGTH, required=True)
    max_hints_per_day = Limit(required=True)
    max_executions_per_day = Limit(required=True)
    max_problems = Limit(load_default=0)
    can_view_all_problems = Flag(load_default=False)
    can_register_problems = Flag(load_default=False)
    price = Price(load_default=Decimal(0), dump_default=0)
    is_active = Flag(load_default=True)


@offers.endpoint("GET", "/", access=Access.PUBLIC)
@offers.answer(HTTPStatus.OK, PlansSchema)
def list_offered_plans() -> Mapping[str, object]:
    """The plans on offer, cheapest first."""
    return {"items": container().services.plans.list_offered()}


@own_plan.endpoint("GET", "/", access=Access.SIGNED_IN)
@own_plan.answer(HTTPStatus.OK, PlanSchema, headers=ETAG_HEADER)
def get_own_plan() -> tuple[Plan, dict[str, str]]:
    """My plan.

    The ETag is the account's, since a change of plan changes that.
    """
    caller = current_caller()
    return caller.plan, etag(caller.user.version)


@own_plan.endpoint(
    "PUT", "/", access=Access.SIGNED_IN, errors=(HTTPStatus.NOT_FOUND, *IF_MATCH_ERRORS)
)
@own_plan.request_headers(IfMatchSchema)
@own_plan.body(ChosenPlanSchema)
@own_plan.answer(HTTPStatus.OK, PlanSchema, headers=ETAG_HEADER)
def change_own_plan(
    headers: Mapping[str, Any], body: Mapping[str, str]
) -> tuple[Plan, dict[str, str]]:
    """Change to a plan that is free.

    Ask an administrator for the others.
    """
    services = container().services
    with matching(headers) as expected:
        user = services.accounts.change_plan(
            current_caller(), body["plan"], expected_version=expected
        )
    return services.users.describe(user).plan, etag(user.version)


@admin_plans.endpoint("GET", "/", access=Access.ADMIN, scope=Scope.ADMIN)
@admin_plans.answer(HTTPStatus.OK, PlansSchema)
def list_all_plans() -> Mapping[str, object]:
    """All plans, inactive ones too."""
    return {"items": container().services.plans.list_all()}


@admin_plans.endpoint(
    "POST",
    "/",
    access=Access.ADMIN,
    scope=Scope.ADMIN,
    errors=(HTTPStatus.CONFLICT,),
    links=Links(("admin_plans_get_plan", "admin_plans_update_plan"), {"name": "name"}),
)
@admin_plans.body(NewPlanSchema)
@admin_plans.answer(
    HTTPStatus.CREATED, PlanSchema, headers={"Location": "The plan's address.", **ETAG_HEADER}
)
def create_plan(body: Mapping[str, Any]) -> tuple[Plan, dict[str, str]]:
    """Create a plan."""
    plan = container().services.plans.create(Plan(**body), actor=current_caller().user.id)
    address = url_for("admin_plans.get_plan", name=plan.name)
    return plan, {"Location": address, **etag(plan.version)}


@admin_plans.endpoint("GET", "/<plan_name:name>/", access=Access.ADMIN, scope=Scope.ADMIN)
@admin_plans.answer(HTTPStatus.OK, PlanSchema, headers=ETAG_HEADER)
def get_plan(name: str) -> tuple[Plan, dict[str, str]]:
    """A plan, active or not."""
    plan = container().services.plans.read(name)
    return plan, etag(plan.version)


@admin_plans.endpoint(
    "PATCH",
    "/<plan_name:name>/",
    access=Access.ADMIN,
    scope=Scope.ADMIN,
    errors=IF_MATCH_ERRORS,
)
@admin_plans.request_headers(IfMatchSchema)
@admin_plans.body(PlanChangeSchema)
@admin_plans.answer(HTTPStatus.OK, PlanSchema, headers=ETAG_HEADER)
def update_plan(
    headers: Mapping[str, Any], body: Mapping[str, Any], name: str
) -> tuple[Plan, dict[str, str]]:
    """Change a plan, for everybody who has it.

    In force within five seconds everywhere.
    """
    with matching(headers) as expected:
        plan = container().services.plans.update(
            name, body, actor=current_caller().user.id, expected_version=expected
        )
    return plan, etag(plan.version)
