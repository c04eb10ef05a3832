"""Alerts delivered to a real HTTP server on loopback."""

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jsonschema
import pytest
from standardwebhooks.webhooks import Webhook as Verifier

from outagewatch.alert.delivery import Delivery
from outagewatch.alert.message import trial
from outagewatch.alert.schema import json_schema
from outagewatch.alert.webhook import Target
from outagewatch.errors import ConfigurationError, DeliveryError
from outagewatch.settings import Webhook
from outagewatch.testing import NOON

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Receiver(ThreadingHTTPServer):
    """Keeps what it is sent, and answers as told."""

    def __init__(self):
        self.got, self.answers, self.headers = [], [], {}
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}/hook?token=hidden"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 204)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver():
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def target(url, **fields):
    return Target(Webhook(name="noc", url=url, **fields), now=lambda: datetime.now(UTC))


def test_the_signature_is_that_of_standard_webhooks(receiver, french, tmp_path):
    (tmp_path / "secret").write_text(f"{SECRET}\nwhsec_{'A' * 32}\n")
    alert = trial(french, NOON, host="noc")
    assert target(receiver.url, secret_file=str(tmp_path / "secret")).send(alert) == 204
    [(headers, body)] = receiver.got
    lower = {name.lower(): value for name, value in headers.items()}
    assert lower["webhook-id"] == alert.id == json.loads(body)["id"]
    assert lower["content-type"] == "application/cloudevents+json; charset=utf-8"
    for secret in (SECRET, f"whsec_{'A' * 32}"):  # both, while a secret is rotated
        assert Verifier(secret).verify(body, lower)["specversion"] == "1.0"


def test_the_signature_of_the_documented_example():
    at = datetime.fromtimestamp(1614265330, UTC)
    signed = Verifier(SECRET).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("status", "retryable", "says"),
    [
        (301, False, "redirect"),
        (400, False, "400"),
        (410, False, "410"),
        (429, True, "429"),
        (503, True, "503"),
    ],
)
def test_what_is_not_accepted_is_an_error_that_names_no_url(
    receiver, french, status, retryable, says
):
    receiver.answers = [status]
    receiver.headers = {"location": receiver.url}
    with pytest.raises(DeliveryError, match=says) as caught:
        target(receiver.url).send(trial(french, NOON, host="noc"))
    assert caught.value.retryable == retryable and caught.value.gone == (status == 410)
    assert "hidden" not in str(caught.value) and len(receiver.got) == 1


def test_nobody_there_is_an_error_that_may_pass(french):
    with pytest.raises(DeliveryError, match="cannot connect") as caught:
        target("http://127.0.0.1:9/hook?token=hidden").send(trial(french, NOON, host="noc"))
    assert caught.value.retryable and "hidden" not in str(caught.value)


def test_a_secret_that_is_none_is_refused(tmp_path):
    (tmp_path / "secret").write_text("!")
    with pytest.raises(ConfigurationError, match="secret_file"):
        target("http://127.0.0.1:9/", secret_file=str(tmp_path / "secret"))
    with pytest.raises(ConfigurationError, match="No such file"):
        target("http://127.0.0.1:9/", secret_file=str(tmp_path / "none"))


@pytest.fixture
def changes(run, sample, french):
    from outagewatch.session import ReplayOptions, Session

    with Session(french, ReplayOptions([str(sample)])) as session:
        return list(session.posts())


def deliver(french, changes, *targets):
    waited = []
    delivery = Delivery(french, targets, host="noc", sleep=waited.append)
    with delivery:
        for change in changes:
            delivery.tell(change)
    return delivery, [w for w in waited if w]


def test_three_tries_then_it_is_counted_and_said(receiver, french, changes, caplog):
    receiver.answers = [503, 503]
    delivery, waited = deliver(french, changes[:1], target(receiver.url))
    assert (delivery.n_delivered, delivery.n_failed, waited) == (1, 0, [5.0, 30.0])
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    receiver.answers = [503] * 9
    delivery, _ = deliver(french, changes[:3], target(receiver.url))
    assert (delivery.n_delivered, delivery.n_failed) == (0, 3)
    assert len(receiver.got) == 3 + 3 + 1 + 1  # one that is down gets one try
    assert "was not delivered" in caplog.text and "hidden" not in caplog.text


def test_a_retry_after_is_waited_for(receiver, french, changes):
    receiver.answers, receiver.headers = [429], {"retry-after": "42"}
    _, waited = deliver(french, changes[:1], target(receiver.url))
    assert waited == [42.0]


def test_one_that_is_gone_is_left_alone(receiver, french, changes):
    receiver.answers = [410]
    delivery, _ = deliver(french, changes, target(receiver.url))
    assert len(receiver.got) == 1 and delivery.n_failed == len(changes)


CONFIG = '[[webhooks]]\nname = "noc"\nurl = "{}"\nseverity = "major"\nevidence = "redacted"\n'


def test_replay_delivers_only_when_asked(run, receiver, sample, tmp_path):
    (tmp_path / "outagewatch.toml").write_text(CONFIG.format(receiver.url))
    assert run("replay", str(sample)).returncode == 0 and receiver.got == []
    found = run("replay", str(sample), "--deliver")
    assert found.returncode == 0, found.stderr
    events = [json.loads(body) for _, body in receiver.got]
    assert events and f"{len(events)} alerts delivered".encode() in found.stderr
    by_incident = {}
    for event in events:
        jsonschema.validate(event, json_schema())
        by_incident.setdefault(event["data"]["incident_id"], []).append(event)
        assert all(shown["text"] for shown in event["data"]["evidence"])
    for told in by_incident.values():
        assert told[0]["type"].endswith("opened") and told[0]["data"]["severity"] == "major"
        assert told[-1]["type"].endswith("resolved")


def test_shadow_and_context_are_shown_but_not_delivered(run, receiver, sample, tmp_path):
    for board in ('own = ["orange"]', "shadow_until = 2026-03-01"):
        (tmp_path / "outagewatch.toml").write_text(
            f"[board]\n{board}\n" + CONFIG.format(receiver.url)
        )
        found = run("replay", str(sample), "--deliver", "--output", "text")
        assert found.returncode == 0 and b"Free" in found.stdout and receiver.got == []
        assert (b"CONTEXT" in found.stdout) == ("own" in board)


def test_what_cannot_be_delivered_ends_in_4(run, sample, tmp_path, monkeypatch):
    monkeypatch.setattr("outagewatch.alert.delivery.WAITS", (0.0, 0.0, 0.0))
    (tmp_path / "outagewatch.toml").write_text(CONFIG.format("http://127.0.0.1:9/"))
    found = run("replay", str(sample), "--deliver")
    assert found.returncode == 4 and b"was not delivered: noc: cannot connect" in found.stderr


def test_webhook_test_says_what_was_answered(run, receiver, tmp_path):
    (tmp_path / "outagewatch.toml").write_text(CONFIG.format(receiver.url))
    found = run("webhook", "test", "--output", "text")
    assert found.returncode == 0 and b"accepted with 204, not signed" in found.stdout
    assert json.loads(receiver.got[0][1])["type"] == "io.outagewatch.test"
    receiver.answers = [500]
    assert run("webhook", "test", "noc").returncode == 4
    assert run("webhook", "test", "nok").returncode == 2
    assert b"hidden" not in found.stdout


def test_deliver_without_a_webhook_is_wrong_usage(run, sample):
    assert run("replay", str(sample), "--deliver").returncode == 2


def test_one_that_does_not_answer_holds_up_no_other(receiver, french, changes):
    import threading

    arrived = threading.Event()

    class Slow:
        webhook = Webhook(name="slow", url="https://slow.example/")
        name = "slow"

        def send(self, _event):
            assert arrived.wait(20), "the other was held up"
            raise DeliveryError("slow", "no answer in time", retryable=False)

    class Quick(Slow):
        webhook = Webhook(name="quick", url="https://quick.example/")

        def send(self, _event):
            arrived.set()
            return 204

    delivery, _ = deliver(french, changes[:1], Slow(), Quick())
    assert (delivery.n_delivered, delivery.n_failed) == (1, 1)


def test_a_run_that_is_broken_off_does_not_wait_for_the_next_try(french, changes):
    delivery = Delivery(french, [target("http://127.0.0.1:9/")], host="noc")
    with pytest.raises(KeyboardInterrupt), delivery:
        delivery.tell(changes[0])
        raise KeyboardInterrupt
    assert delivery.n_delivered == 0
