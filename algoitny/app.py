"""The only place that wires things together: settings in, a container or a Flask app out."""

from __future__ import annotations

from functools import partial

from flask import Flask

from algoitny.api import register_api
from algoitny.api.health import EXTENSION as HEALTH
from algoitny.api.health import HealthChecks
from algoitny.cli import register_commands
from algoitny.domain.clock import Clock, SystemClock
from algoitny.domain.ids import Ids, UlidIds
from algoitny.judge import check_checker, load_languages
from algoitny.logs import configure_logging
from algoitny.models import bind_models
from algoitny.providers.channel import open_channel
from algoitny.providers.hint import OfflineHintProvider
from algoitny.providers.queue import CeleryQueue, make_celery
from algoitny.repositories import build_repositories
from algoitny.services.container import EXTENSION, Container, Services
from algoitny.services.execution import ExecutionService
from algoitny.services.hint import HintService
from algoitny.services.history import HistoryService
from algoitny.services.language import LanguageService
from algoitny.services.problem import ProblemService
from algoitny.services.user import UserService
from algoitny.settings import Settings, load_settings


def build_container(
    settings: Settings, *, clock: Clock | None = None, ids: Ids | None = None
) -> Container:
    """Bind the models and build all that a process works with. Touches no network."""
    clock = clock or SystemClock()
    ids = ids or UlidIds(clock)
    bind_models(
        table_name=settings.table_name,
        region=settings.aws_region,
        endpoint=settings.store_endpoint,
        connect_timeout=settings.dynamodb_connect_timeout,
        read_timeout=settings.dynamodb_read_timeout,
        attempts=settings.dynamodb_attempts,
    )
    store = build_repositories(
        clock=clock, ids=ids, secret_key=settings.secret_key.get_secret_value()
    )
    queue = CeleryQueue(make_celery(settings.broker_url, region=settings.aws_region), clock)
    channel = open_channel(settings.broker_url)
    declared = load_languages()
    languages = LanguageService(declared=declared, announced=store.languages, clock=clock)
    services = Services(
        users=UserService(
            users=store.users,
            plans=store.plans,
            clock=clock,
            ids=ids,
            admin_emails=settings.admin_emails,
            default_plan=settings.default_plan,
        ),
        problems=ProblemService(
            problems=store.problems,
            clock=clock,
            normalise_language=declared.normalise,
            check_checker=check_checker,
        ),
        executions=ExecutionService(
            histories=store.histories,
            problems=store.problems,
            usage=store.usage,
            languages=languages,
            queue=queue,
            channel=channel,
            clock=clock,
            ids=ids,
            max_waiting_clients=settings.max_waiting_clients,
        ),
        histories=HistoryService(
            histories=store.histories, hints=store.hints, problems=store.problems
        ),
        hints=HintService(
            hints=store.hints,
            histories=store.histories,
            problems=store.problems,
            usage=store.usage,
            provider=OfflineHintProvider(),
            queue=queue,
            clock=clock,
        ),
        languages=languages,
    )
    return Container(
        clock=clock,
        ids=ids,
        users=store.users,
        plans=store.plans,
        problems=store.problems,
        histories=store.histories,
        hints=store.hints,
        usage=store.usage,
        stats=store.stats,
        queue=queue,
        channel=channel,
        services=services,
    )


def create_app(settings: Settings | None = None) -> Flask:
    """The web application, which is also where `flask` commands and `flask shell` live."""
    settings = settings or load_settings()
    configure_logging(settings.log_format, settings.log_level, process="web")
    app = Flask("algoitny", static_folder=None)
    wired = build_container(settings)
    app.extensions[EXTENSION] = wired
    app.extensions[HEALTH] = HealthChecks(
        store=partial(wired.plans.get_plan, settings.default_plan),
        broker=wired.queue.check,
    )
    register_api(app, settings)
    register_commands(app, settings)
    return app
