"""Send one alert to one webhook: a CloudEvent, signed as Standard Webhooks has it.

In: an event and a target. Out: nothing, or why it could not be delivered and whether trying again
can help. Remembers the connection.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from outagewatch.alert.message import line
from outagewatch.alert.schema import Event
from outagewatch.errors import ConfigurationError, DeliveryError
from outagewatch.settings import Webhook

if TYPE_CHECKING:
    import requests

MAX_BODY = 20_000  # bytes of a body
_SHOWN = 120  # characters of an answer that are shown
_RETRYABLE = frozenset({408, 425, 429, 500, 502, 503, 504})


def read_secret(path: str, what: str) -> str:
    """Return what a secret file holds.

    Raises
    ------
    ConfigurationError
        If it cannot be read or is empty.
    """
    try:
        text = Path(path).expanduser().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not text"
        raise ConfigurationError(f"{what}: {path}: {reason}") from error
    if not text:
        raise ConfigurationError(f"{what}: {path}: is empty")
    return text


class Target:
    """A webhook, ready to be sent to.

    Parameters
    ----------
    webhook
        Its settings.
    now
        Returns the time of an attempt.
    check_url
        Says why a URL cannot be one that alerts go to; empty where it can.

    Raises
    ------
    ConfigurationError
        If its URL or secret cannot be read or used.
    """

    def __init__(
        self,
        webhook: Webhook,
        *,
        now: Callable[[], datetime],
        check_url: Callable[[str], str] = lambda _: "",
    ) -> None:
        self.webhook = webhook
        self.name = webhook.name
        self._now = now
        where = f"webhook {webhook.name}"
        self._url = webhook.url or read_secret(webhook.url_file or "", f"{where}: url_file")
        problem = check_url(self._url)
        if problem:
            raise ConfigurationError(f"{where}: {problem}")
        self._keys = self._signers(where)
        self._session: requests.Session | None = None

    def _signers(self, where: str) -> list[Callable[[str, datetime, str], str]]:
        if self.webhook.secret_file is None:
            return []
        from standardwebhooks.webhooks import EmptyWebhookSecretError
        from standardwebhooks.webhooks import Webhook as Signer

        path = self.webhook.secret_file
        secrets = read_secret(path, f"{where}: secret_file").split()
        try:
            return [Signer(secret).sign for secret in secrets]
        except (ValueError, RuntimeError, EmptyWebhookSecretError) as error:
            raise ConfigurationError(
                f"{where}: secret_file: {path}: expected whsec_ and base64 on each line"
            ) from error

    @property
    def host(self) -> str:
        """Where it is: what of its URL may be shown."""
        return urlsplit(self._url).hostname or ""

    def send(self, event: Event) -> int:
        """Deliver one event; return the status that it was accepted with.

        Raises
        ------
        DeliveryError
            If it was not accepted; ``retryable`` says whether trying again can help.
        """
        import requests

        body = line(event)
        if len(body.encode()) > MAX_BODY:
            raise DeliveryError(self.name, f"body over {MAX_BODY:,} bytes", retryable=False)
        try:
            with self._connection().post(
                self._url,
                data=body.encode(),
                headers=self._headers(event.id, body),
                timeout=self.webhook.timeout_seconds,
                allow_redirects=False,
                stream=True,
            ) as answer:
                return self._accepted(answer)
        except requests.RequestException as error:
            raise DeliveryError(self.name, _reason(error), retryable=True) from error

    def _connection(self) -> requests.Session:
        if self._session is None:
            import requests

            self._session = requests.Session()
            self._session.auth = lambda request: request  # never a password from a netrc file
        return self._session

    def _headers(self, event_id: str, body: str) -> dict[str, str]:
        at = self._now()
        headers = {
            "content-type": "application/cloudevents+json; charset=utf-8",
            "user-agent": "outagewatch",
            "webhook-id": event_id,
            "webhook-timestamp": str(int(at.timestamp())),
        }
        if self._keys:
            headers["webhook-signature"] = " ".join(sign(event_id, at, body) for sign in self._keys)
        return headers

    def _accepted(self, answer: requests.Response) -> int:
        status = answer.status_code
        if 200 <= status < 300:
            return status
        if 300 <= status < 400:
            why = f"answered {status}, a redirect, which is not followed"
            raise DeliveryError(self.name, why, retryable=False)
        said = next(answer.iter_content(_SHOWN), b"") if answer.raw is not None else b""
        text = said.decode("utf-8", "replace").strip()
        why = f"answered {status}" + (f": {text}" if text else "")
        raise DeliveryError(
            self.name,
            why,
            retryable=status in _RETRYABLE,
            wait_seconds=_wait(answer.headers.get("retry-after")),
            gone=status == 410,
        )


def _wait(text: str | None) -> float | None:
    """Return the seconds that a Retry-After asks for, where it says seconds."""
    return float(text) if text is not None and text.strip().isdigit() else None


def _reason(error: Exception) -> str:
    """Say in a few words why nothing was answered, without the URL."""
    import requests

    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate cannot be trusted"
    if isinstance(error, requests.ConnectionError):
        return "cannot connect"
    return type(error).__name__
