"""The only place that wires things together: settings in, a container or a Flask app out."""

from __future__ import annotations

import os

from flask import Flask

from algoitny.api import register_api
from algoitny.api.sign_in import CALLBACK_PATH
from algoitny.cli import register_commands
from algoitny.domain.clock import Clock, SystemClock
from algoitny.domain.identity import IdentityProvider, IdentityVerifier
from algoitny.domain.ids import Ids, UlidIds
from algoitny.domain.patience import Patience
from algoitny.domain.ports import EventChannel, HintProvider, Queue
from algoitny.domain.repositories import Repositories
from algoitny.judge import check_checker, load_languages
from algoitny.logs import configure_logging
from algoitny.models import bind_models
from algoitny.models.kit.objects import open_objects
from algoitny.providers.channel import open_channel
from algoitny.providers.google import FetchedKeys, GoogleTokens, PinnedKeys
from algoitny.providers.google_sign_in import GoogleSignIn
from algoitny.providers.hint import OfflineHintProvider
from algoitny.providers.queue import CeleryQueue, make_celery
from algoitny.providers.seal import Seal
from algoitny.providers.webhook import WebhookSender
from algoitny.repositories import build_repositories
from algoitny.services.account import AccountService
from algoitny.services.admin import AdminService
from algoitny.services.container import EXTENSION, Container, Services
from algoitny.services.execution import ExecutionService
from algoitny.services.export import ExportService
from algoitny.services.hint import HintService
from algoitny.services.history import HistoryService
from algoitny.services.job import JobService
from algoitny.services.language import DeclaredLanguages, LanguageService
from algoitny.services.leaderboard import LeaderboardService
from algoitny.services.outbox import OutboxService
from algoitny.services.places import Places
from algoitny.services.plan import PlanService
from algoitny.services.problem import ProblemService
from algoitny.services.problem_change import ProblemChanges
from algoitny.services.ranking import RankingService
from algoitny.services.registration import RegistrationService
from algoitny.services.rejudge import RejudgeService
from algoitny.services.run import RunService
from algoitny.services.session import SessionService
from algoitny.services.sign_in import SignInService
from algoitny.services.stats import StatsService
from algoitny.services.sweeping import SweepingService
from algoitny.services.user import UserService
from algoitny.services.webhook_secret import WebhookSecretService
from algoitny.settings import Settings, load_settings
from algoitny.storage import layout_of


def build_container(
    settings: Settings,
    *,
    clock: Clock | None = None,
    ids: Ids | None = None,
    repositories: Repositories | None = None,
    queue: Queue | None = None,
    channel: EventChannel | None = None,
    declared: DeclaredLanguages | None = None,
    hint_provider: HintProvider | None = None,
) -> Container:
    """Build all that a process works with; what is given takes the place of what the settings
    name. Touches no network. Binds the models, unless the repositories are given."""
    clock = clock or SystemClock()
    ids = ids or UlidIds(clock)
    store = repositories or _open_repositories(settings, clock, ids)
    queue = queue or CeleryQueue(
        make_celery(settings.broker_url, region=settings.aws_region), clock
    )
    channel = channel or open_channel(settings.broker_url, store.histories, clock)
    declared = declared or load_languages()
    languages = LanguageService(declared=declared, announced=store.languages, clock=clock)
    patience = Patience(clock=clock)
    plans = PlanService(
        plans=store.plans,
        audit=store.audit,
        clock=clock,
        patience=patience,
        default_plan=settings.default_plan,
    )
    users = UserService(
        users=store.users,
        plans=plans,
        clock=clock,
        ids=ids,
        admin_emails=settings.admin_emails,
        default_plan=settings.default_plan,
    )
    identities, identity_provider = _open_google(settings, clock)
    sender = WebhookSender(clock, allow_private=settings.webhooks_to_private)
    webhook_secrets = WebhookSecretService(
        secrets=store.webhook_secrets,
        seal=Seal(settings.secret_key.get_secret_value(), purpose="webhook secrets"),
        sender=sender,
    )
    places = Places(settings.max_waiting_clients)
    services = Services(
        users=users,
        accounts=AccountService(users=store.users, plans=plans, sessions=store.sessions),
        exports=ExportService(erasures=store.erasures, problems=store.problems),
        plans=plans,
        admin=AdminService(
            accounts=users,
            plans=plans,
            users=store.users,
            sessions=store.sessions,
            problems=store.problems,
            usage=store.usage,
            audit=store.audit,
            patience=patience,
        ),
        rejudges=RejudgeService(
            histories=store.histories,
            problems=store.problems,
            users=store.users,
            jobs=store.jobs,
            audit=store.audit,
            languages=languages,
            clock=clock,
            ids=ids,
        ),
        sessions=SessionService(
            users=users,
            sessions=store.sessions,
            tokens=store.tokens,
            identities=identities,
            clock=clock,
            ids=ids,
        ),
        sign_ins=SignInService(
            users=users,
            provider=identity_provider,
            seal=Seal(settings.secret_key.get_secret_value(), purpose="sign-in"),
            clock=clock,
        ),
        problems=ProblemService(problems=store.problems, languages=languages),
        registration=RegistrationService(
            problems=store.problems,
            changes=ProblemChanges(
                problems=store.problems,
                clock=clock,
                languages=languages,
                check_checker=check_checker,
            ),
            audit=store.audit,
            patience=patience,
        ),
        executions=ExecutionService(
            histories=store.histories,
            problems=store.problems,
            languages=languages,
            webhooks=webhook_secrets,
            queue=queue,
            channel=channel,
            clock=clock,
            ids=ids,
            places=places,
            audit=store.audit,
        ),
        runs=RunService(
            runs=store.runs,
            histories=store.histories,
            usage=store.usage,
            languages=languages,
            queue=queue,
            channel=channel,
            clock=clock,
            ids=ids,
            places=places,
            max_runs_per_day=settings.max_runs_per_day,
        ),
        histories=HistoryService(
            histories=store.histories,
            hints=store.hints,
            problems=store.problems,
            audit=store.audit,
        ),
        hints=HintService(
            hints=store.hints,
            histories=store.histories,
            problems=store.problems,
            usage=store.usage,
            provider=hint_provider or OfflineHintProvider(),
            queue=queue,
            clock=clock,
        ),
        leaderboards=LeaderboardService(boards=store.leaderboards, users=store.users, clock=clock),
        ranking=RankingService(
            boards=store.leaderboards,
            stats=store.stats,
            users=store.users,
            plans=store.plans,
            leases=store.leases,
            clock=clock,
            ids=ids,
        ),
        stats=StatsService(stats=store.stats, usage=store.usage, clock=clock),
        languages=languages,
        jobs=JobService(jobs=store.jobs, audit=store.audit),
        webhook_secrets=webhook_secrets,
        outbox=OutboxService(
            outbox=store.outbox,
            histories=store.histories,
            secrets=webhook_secrets,
            sender=sender,
            clock=clock,
        ),
        sweeping=SweepingService(
            histories=store.histories,
            runs=store.runs,
            hints=store.hints,
            queue=queue,
            clock=clock,
            sweep_seconds=settings.sweep_seconds,
            max_tries=settings.max_tries,
        ),
    )
    return Container(
        clock=clock,
        ids=ids,
        repositories=store,
        users=store.users,
        erasures=store.erasures,
        plans=store.plans,
        problems=store.problems,
        histories=store.histories,
        runs=store.runs,
        hints=store.hints,
        usage=store.usage,
        stats=store.stats,
        jobs=store.jobs,
        outbox=store.outbox,
        queue=queue,
        channel=channel,
        services=services,
    )


def _open_google(
    settings: Settings, clock: Clock
) -> tuple[IdentityVerifier | None, IdentityProvider | None]:
    """Who checks the tokens that programs bring, and who signs browsers in; each as far as it is
    set up. Neither takes tokens made for the other's clients."""
    client_id, client_ids = settings.google_web_client_id, settings.google_client_ids
    if not client_id and not client_ids:
        return None, None
    keys = (
        FetchedKeys(settings.google_keys_url, clock)
        if settings.google_keys_file is None
        else PinnedKeys(settings.google_keys_file)
    )
    verifier = GoogleTokens(keys, audience=client_ids, clock=clock) if client_ids else None
    if not client_id:
        return verifier, None
    return verifier, GoogleSignIn(
        client_id=client_id,
        client_secret=settings.google_web_client_secret.get_secret_value(),
        redirect_uri=(settings.public_url or "").rstrip("/") + CALLBACK_PATH,
        authorization_url=settings.google_authorization_url,
        token_url=settings.google_token_url,
        tokens=GoogleTokens(keys, audience={client_id}, clock=clock),
        clock=clock,
    )


def _open_repositories(settings: Settings, clock: Clock, ids: Ids) -> Repositories:
    bind_models(
        layout=layout_of(settings),
        region=settings.aws_region,
        endpoint=settings.store_endpoint,
        connect_timeout=settings.dynamodb_connect_timeout,
        read_timeout=settings.dynamodb_read_timeout,
        attempts=settings.dynamodb_attempts,
    )
    return build_repositories(
        clock=clock,
        ids=ids,
        secret_key=settings.secret_key.get_secret_value(),
        objects=open_objects(
            settings.object_location,
            region=settings.aws_region,
            endpoint=settings.s3_endpoint or settings.localstack_url,
        ),
    )


def create_app(settings: Settings | None = None) -> Flask:
    """The web application, which is also where `flask` commands and `flask shell` live."""
    settings = settings or load_settings()
    configure_logging(settings.log_format, settings.log_level, process=_process_name())
    app = Flask("algoitny", static_folder=None)
    app.extensions[EXTENSION] = build_container(settings)
    register_api(app, settings)
    register_commands(app, settings)
    return app


def _process_name() -> str:
    """What its log records say: PROCESS, or whether this serves or is a command."""
    is_command = bool(os.environ.get("FLASK_RUN_FROM_CLI"))
    return os.environ.get("PROCESS") or ("flask" if is_command else "web")
