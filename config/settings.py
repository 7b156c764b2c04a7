"""All settings, from the environment (or a `.env` file beside manage.py). README documents each one."""

import email.policy
import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.machine.secret_key import stored_secret

BASE_DIR = Path(__file__).resolve().parent.parent


class _Env(environ.Env):  # type: ignore[misc]  # it has no types
    """Says which setting it is that cannot be read; its value may be a secret."""

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().get_value(var, *args, **kwargs)
        except (ValueError, ArithmeticError) as error:
            raise ImproperlyConfigured(f"{var} cannot be understood; .env.example shows how it looks") from error


env = _Env()
env.read_env(env("ENV_FILE", default=str(BASE_DIR / ".env")))

VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="") or stored_secret(VAR_DIR)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# The site --------------------------------------------------------------------------------------------------------

SITE_URL = env("SITE_URL", default=f"http://127.0.0.1:{env('PORT', default='8000')}").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in ("http", "https") or not _site.hostname:
    raise ImproperlyConfigured(f"SITE_URL is “{SITE_URL}”; it must look like https://brief.example.com")
_is_https = _site.scheme == "https"
ALLOWED_HOSTS = [_site.hostname, *env.list("ALLOWED_HOSTS", default=[] if _is_https else ["127.0.0.1", "localhost"])]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
INSTALLED_APPS = [
    "config",
    "accounts",
    "feeds",
    "briefs",
    "config.operating.apps.OperatorsAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "anymail",
    "csp",
]
MIDDLEWARE = [
    "config.web.head_requests.without_body",
    "feeds.site.kept_pages.kept",
    "config.web.page_policies.with_policies",
    # Around what answers by itself, so that redirects to https and static files carry these headers, too.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.web.request_bodies.bounded",
    "config.web.null_bytes.BadRequestForNull",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.remember_browser",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

# The database, the doorbells, the cache --------------------------------------------------------------------------

DATABASE_URL = env("DATABASE_URL", default="")
if DATABASE_URL:
    DATABASES = {"default": env.db_url_config(DATABASE_URL)}
    if DATABASES["default"].get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must look like postgres://user:password@host:5432/name")
else:
    DATABASES = {
        "default": {"ENGINE": "config.machine.embedded_postgres", "NAME": "overheard", "DATA_DIR": VAR_DIR / "pg"}
    }
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Given by `make run`, which starts a Redis of its own; with none at all each lane looks at the rows by itself.
REDIS_URL = env("REDIS_URL", default="")
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "config.web.cache.RedisOrMemory", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Drawn once a host; 20 kB each.
    "pictures": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "pictures",
        "TIMEOUT": 86_400,
        "OPTIONS": {"MAX_ENTRIES": 5_000},
    },
}

# Who signs in, and how -------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_REDIRECT_URL = "/brief/"
LOGIN_URL = "/account/login/code/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "request_login_code": "accounts.entering.login_forms.LoginCodeForm",
    "confirm_login_code": "accounts.entering.login_forms.CodeForm",
}
# Not for an address, as allauth would have it: a stranger could ask in its owner's place (accounts/entering).
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # the adapter then does the same for both, and writes to subscribers only
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = int(env.bool("BEHIND_PROXY", default=False))
MFA_ADAPTER = "accounts.adapter.SecretsAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Overheard"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _is_https
_PROVIDER_ORIGINS = {
    "google": "https://accounts.google.com",
    "github": "https://github.com",
    "apple": "https://appleid.apple.com",
}
# {"google": {"client_id": …, "secret": …}, …}; a provider without keys has no button.
SOCIAL_SIGN_IN = env.json("SOCIAL_SIGN_IN", default={})
if _unknown := set(SOCIAL_SIGN_IN) - set(_PROVIDER_ORIGINS):
    raise ImproperlyConfigured(f"SOCIAL_SIGN_IN may name {', '.join(_PROVIDER_ORIGINS)}; not {', '.join(_unknown)}")
INSTALLED_APPS += [f"allauth.socialaccount.providers.{name}" for name in SOCIAL_SIGN_IN]
SOCIALACCOUNT_PROVIDERS = {name: {"APPS": [keys]} for name, keys in SOCIAL_SIGN_IN.items()}
SOCIALACCOUNT_ADAPTER = "accounts.adapter.ProviderAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # opens the subscription of the address it vouches for; it never makes one
# Columns of other apps that hold addresses: a subscriber's own are exported, and blanked with the account.
ADDRESSES_ELSEWHERE = {"feeds.InsightReport": "contact"}
# New shows that all subscribers together may bring in a day; each brings fewer.
NEW_SHOWS_A_DAY = env.int("NEW_SHOWS_A_DAY", default=2000)
# Letters that all sign-ups together may cause in an hour; past that they are answered and nothing is sent.
SIGNUP_LETTERS_PER_HOUR = env.int("SIGNUP_LETTERS_PER_HOUR", default=500)

FILE_UPLOAD_HANDLERS = ["config.web.request_bodies.NoFiles"]

# Security --------------------------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _is_https
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if _is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _is_https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = ("__Host-session", "__Host-csrf") if _is_https else ("session", "csrf")
KNOWN_BROWSER_COOKIE = "__Host-known" if _is_https else "known"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_ENGINE = "accounts.entering.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # or there would be a third cookie
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF],
        # The publisher's own audio, played from the publisher's own server.
        "media-src": ["https:", *(["http://127.0.0.1:*"] if not _is_https else [])],
        "connect-src": [SELF],
        # The button of a provider leads from our form to their page.
        "form-action": [SELF, *(_PROVIDER_ORIGINS[name] for name in SOCIAL_SIGN_IN)],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Mail ------------------------------------------------------------------------------------------------------------

EMAIL_URL = env("EMAIL_URL", default="")
if EMAIL_URL:
    try:
        vars().update(env.email_url_config(EMAIL_URL))
    except (ImproperlyConfigured, ValueError):
        raise ImproperlyConfigured("EMAIL_URL must look like smtp+tls://user:password@host:587") from None
else:
    EMAIL_BACKEND = "accounts.mail.eml_files.EmailBackend"
EMAIL_TIMEOUT = 20
# Of anymail's providers those that a mail can forbid to count opens and clicks, and whose events tell a mailbox that is
# gone from one that is full.
_MAIL_PROVIDERS = ["mailersend", "mailgun", "mailjet", "mandrill", "postmark"]
# {"postmark": {"server_token": …}}: that one, in place of EMAIL_URL.
EMAIL_PROVIDER = env.json("EMAIL_PROVIDER", default={})
if len(EMAIL_PROVIDER) > 1 or set(EMAIL_PROVIDER) - set(_MAIL_PROVIDERS):
    raise ImproperlyConfigured(f"EMAIL_PROVIDER may name one of {', '.join(_MAIL_PROVIDERS)}")
# user:password, with which the provider tells of bounces and complaints; without it nobody is heard.
EMAIL_WEBHOOK_SECRET = env("EMAIL_WEBHOOK_SECRET", default="")
if EMAIL_WEBHOOK_SECRET and not (EMAIL_PROVIDER and re.fullmatch(r"[^:]+:.{16,}", EMAIL_WEBHOOK_SECRET)):
    raise ImproperlyConfigured(
        "EMAIL_WEBHOOK_SECRET must look like user:password, 16 characters or more behind the colon, with EMAIL_PROVIDER"
    )
ANYMAIL = {
    "REQUESTS_TIMEOUT": EMAIL_TIMEOUT,
    "SEND_DEFAULTS": {"track_opens": False, "track_clicks": False},
    "WEBHOOK_SECRET": EMAIL_WEBHOOK_SECRET,
}
for _name, _keys in EMAIL_PROVIDER.items():
    EMAIL_BACKEND = f"anymail.backends.{_name}.EmailBackend"
    ANYMAIL |= {f"{_name}_{key}".upper(): value for key, value in _keys.items()}
BRIEFS_PER_SECOND = env.float("BRIEFS_PER_SECOND", default=0.0)
MAIL_DIR = VAR_DIR / "mail"


def _mailbox(name: str, text: str) -> str:
    """One address, with a name or without: what is no such thing would fail every brief, one by one."""
    parsed = email.policy.default.header_factory("From", text)
    if text and (parsed.defects or len(parsed.addresses) != 1 or not parsed.addresses[0].domain):
        raise ImproperlyConfigured(
            f"{name} must be one address such as Overheard <brief@example.com>, and is {text}. A name with a comma "
            f'or another special sign stands in quotation marks: "Overheard, Inc." <brief@example.com>'
        )
    return text


DEFAULT_FROM_EMAIL = _mailbox(
    "DEFAULT_FROM_EMAIL", env("DEFAULT_FROM_EMAIL", default=f"Overheard <brief@{_site.hostname}>")
)
REPLY_TO = _mailbox("REPLY_TO", env("REPLY_TO", default=""))
# Who sends this, in the footer of every brief: the law in most places asks for a name and an address.
UNNAMED_SENDER = "Overheard, run by you on this machine"
SENDER_IDENTITY = env("SENDER_IDENTITY", default=UNNAMED_SENDER)

# Reading -----------------------------------------------------------------------------------------------------------

# host:port pairs on loopback or private networks that may be fetched all the same.
FETCH_ALLOWED = env.list("FETCH_ALLOWED", default=[])
USER_AGENT = env("USER_AGENT", default=f"Overheard/0.1 (+{SITE_URL}/about/)")
EXTRACT_NEWEST = env.int("EXTRACT_NEWEST", default=20)
INSIGHTS_PER_EPISODE = env.int("INSIGHTS_PER_EPISODE", default=10)
# Asked in turn for an episode's transcript.
TRANSCRIPT_SOURCES = env.list("TRANSCRIPT_SOURCES", default=["publisher"])
# Any OpenAI-compatible endpoint, for the source “speech”.
TRANSCRIPTION_BASE_URL = env("TRANSCRIPTION_BASE_URL", default="")
TRANSCRIPTION_API_KEY = env("TRANSCRIPTION_API_KEY", default="")
TRANSCRIPTION_MODEL = env("TRANSCRIPTION_MODEL", default="whisper-1")
EXTRACTOR = env("EXTRACTOR", default="local")
WRITER = env("WRITER", default="editor")
# Any OpenAI-compatible endpoint, asked where EXTRACTOR is “llm”, and for stances.
LLM_BASE_URL = env("LLM_BASE_URL", default="")
LLM_API_KEY = env("LLM_API_KEY", default="")
LLM_MODEL = env("LLM_MODEL", default="")
LLM_MODE = env("LLM_MODE", default="full")  # or cheap: the local extractor chooses, the model only writes
# Per million tokens, in the currency of the budgets; without prices no budget can be held, so nothing is asked.
LLM_INPUT_PRICE = env("LLM_INPUT_PRICE", cast=Decimal, default=None)
LLM_OUTPUT_PRICE = env("LLM_OUTPUT_PRICE", cast=Decimal, default=None)
LLM_DAILY_BUDGET = env("LLM_DAILY_BUDGET", cast=Decimal, default=Decimal("1.00"))
LLM_EPISODE_BUDGET = env("LLM_EPISODE_BUDGET", cast=Decimal, default=Decimal("0.10"))
LLM_TIMEOUT = env.float("LLM_TIMEOUT", default=120.0)
EMBEDDER = env("EMBEDDER", default="local")
# Each web process keeps as much of the public pages as they were sent; 0 keeps none.
KEPT_PAGES_MB = env.float("KEPT_PAGES_MB", default=64)
FIGURES_SECONDS = 60  # how old the counts on pages may be
EMBEDDER_THREADS = env.int("EMBEDDER_THREADS", default=1)

# Operating ---------------------------------------------------------------------------------------------------------

# The hour of UTC at which a night ends, and who is mailed what it came to.
REPORT_HOUR = env.int("REPORT_HOUR", default=10)
if not 0 <= REPORT_HOUR <= 23:
    raise ImproperlyConfigured(f"REPORT_HOUR is {REPORT_HOUR}; it is an hour of UTC, 0 to 23")
REPORT_TO = env.list("REPORT_TO", default=[])
# What a program shows that asks for /metrics; empty: only programs on this machine may.
METRICS_TOKEN = env("METRICS_TOKEN", default="")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.web.secrets_in_logs.WithoutSecrets",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
}
