"""`flask plan`: the plans, and their limits."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

import click
from flask.cli import AppGroup

from algoitny.cli.actor import at_shell
from algoitny.cli.display import json_option, show_list, to_json
from algoitny.cli.errors import fail, one_line_errors
from algoitny.domain.plan import HIGHEST_PRICE, MOST_UNITS, UNLIMITED, Plan
from algoitny.services.container import container

LIMIT = click.IntRange(min=UNLIMITED, max=MOST_UNITS)

plan = AppGroup(
    "plan",
    help="Plans: list them, set what one allows.\n\n"
    "Exit codes: 0 done; 1 could not be done, with one line that says why; 2 wrong usage.",
)


class PriceType(click.ParamType[Decimal]):
    """An amount with two decimals at most."""

    name = "price"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        try:
            price = Decimal(value)
            if price.is_finite() and 0 <= price <= HIGHEST_PRICE and price == round(price, 2):
                return price
        except ArithmeticError:
            pass
        problem = f"{value} is not an amount up to {HIGHEST_PRICE} with at most two decimals."
        return self.fail(problem, param, ctx)


@plan.command("list")
@json_option
def list_plans(*, as_json: bool) -> None:
    """Print all plans, cheapest first, inactive ones too.

    \b
    Example:
      flask plan list --json
    """
    with one_line_errors():
        show_list(container().services.plans.list_all(), *_COLUMNS, as_json=as_json)


@plan.command("set")
@click.argument("name", metavar="PLAN")
@click.option("--max-hints-per-day", type=LIMIT, help="-1: unlimited.")
@click.option("--max-executions-per-day", type=LIMIT, help="-1: unlimited.")
@click.option("--max-problems", type=LIMIT, help="Problems one may own; -1: unlimited.")
@click.option("--can-view-all-problems/--cannot-view-all-problems", default=None)
@click.option("--can-register-problems/--cannot-register-problems", default=None)
@click.option("--price", type=PriceType())
@click.option(
    "--active/--inactive",
    "is_active",
    default=None,
    help="No further user can get an inactive plan.",
)
@click.option("--create", is_flag=True, help="Make a new plan; needs both daily limits.")
@json_option
def set_plan(name: str, *, create: bool, as_json: bool, **options: Any) -> None:
    """Change what a plan allows, for everybody who has it; what is not named stays.

    In force within five seconds everywhere.

    \b
    Examples:
      flask plan set Free --max-executions-per-day 100
      flask plan set Class --create --max-hints-per-day 10 --max-executions-per-day -1
    """
    changes = {field: value for field, value in options.items() if value is not None}
    plans = container().services.plans
    with one_line_errors():
        if create:
            after = plans.create(_new(name, changes), actor=at_shell())
        else:
            after = plans.update(name, changes, actor=at_shell(), expected_version=None)
    click.echo(to_json(asdict(after)) if as_json else f"{name} is saved.")


def _new(name: str, given: dict[str, Any]) -> Plan:
    for field in ("max_hints_per_day", "max_executions_per_day"):
        if field not in given:
            fail(f"A new plan needs --{field.replace('_', '-')}.", 2)
    defaults = {
        "max_problems": 0,
        "can_view_all_problems": False,
        "can_register_problems": False,
    }
    return Plan(name=name, **{**defaults, **given})


_COLUMNS = (
    "name",
    "price",
    "is_active",
    "max_hints_per_day",
    "max_executions_per_day",
    "max_problems",
    "can_view_all_problems",
    "can_register_problems",
)
