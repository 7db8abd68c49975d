"""Google's OAuth: consent, tokens, and the certificates behind ID tokens.

https://developers.google.com/identity/protocols/oauth2/web-server
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from server.demo.gmail import assertions, mishaps, signing
from server.demo.gmail.apps import App, Apps, RefusedError, Robot
from server.demo.gmail.consent import SIGN_IN, ConsentPage
from server.demo.gmail.errors import ApiError
from server.demo.gmail.exchange import Answer, Ending, answer_json
from server.demo.gmail.faults import TOKEN, Place
from server.demo.gmail.world import Call

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.demo.gmail.exchange import Request
    from server.demo.gmail.tokens import Access, Consent
    from server.demo.gmail.world import World

__all__ = ["App", "OAuth"]

_ROBOT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class OAuth:
    """Answers whatever is not the API itself."""

    def __init__(self, world: World) -> None:
        self.url = ""
        self._world = world
        self._apps = Apps()
        self._page = ConsentPage(world, self._apps)

    def find_answer(self, request: Request) -> Answer | None:
        """Answer a request to Google's OAuth; return None for any other."""
        match request.path:
            case "/o/oauth2/v2/auth":
                return self._page.answer(request)
            case "/token" if request.verb == "POST":
                return self._answer_token(request)
            case "/revoke" if request.verb == "POST":
                return self._revoke(request)
            case "/oauth2/v1/certs":
                keys = {self._world.signer.kid: self._world.signer.certificate}
                return answer_json(keys, 200, ("Cache-Control", "public, max-age=3600"))
            case _:
                return None

    def register(self, app: App) -> App:
        """Let an app ask for consent."""
        return self._apps.register(app)

    def delegate(self, email: str, scopes: Iterable[str], public_key: str | None) -> dict[str, str]:
        """Let a robot act for every owner; return the key file that it signs with."""
        signer = signing.Signer("robot-1")
        key = public_key or signing.public_pem(signer)
        self._apps.employ(Robot(email, key, frozenset(scopes)))
        told = {
            "type": "service_account",
            "project_id": "demo",
            "client_email": email,
            "client_id": str(int(hashlib.sha256(email.encode()).hexdigest()[:16], 16)),
            "token_uri": f"{self.url}/token",
        }
        if public_key is None:
            told |= {"private_key_id": signer.kid, "private_key": signer.pem}
        return told

    def _answer_token(self, request: Request) -> Answer:
        world, at = self._world, self._world.now()
        grant = request.form.get("grant_type", "")
        address = self._address_of(request, grant)
        fault = world.faults.due(Place(TOKEN, address, grant))
        try:
            instead = _before(fault.kind) if fault else None
            if fault and instead is None:
                instead = mishaps.before(fault, at)
            answer = instead or answer_json(self._give(request, grant), 200, _NO_STORE)
            if fault and instead is None:
                answer = mishaps.after(fault, answer)
        except RefusedError as error:
            answer = answer_json(error.shape, error.status)
        except ApiError as error:
            word = "rate_limit_exceeded" if error.code == 429 else "internal_failure"
            shape = {"error": word, "error_description": error.message}
            answer = answer_json(shape, error.code, *error.headers)
        kind = fault.kind if fault else ""
        world.calls.append(Call(TOKEN, address, grant, answer.status, 0, at, False, kind))  # noqa: FBT003
        return answer

    def _give(self, request: Request, grant: str) -> dict[str, Any]:
        match grant:
            case "authorization_code":
                return self._give_for_code(request)
            case "refresh_token":
                return self._give_again(request)
            case _ if grant == _ROBOT_GRANT:
                assertion = request.form.get("assertion", "")
                access = assertions.verify(self._world, self._apps, assertion, f"{self.url}/token")
                return self._shape(access)
            case _:
                raise RefusedError("unsupported_grant_type", f"Invalid grant_type: {grant}")

    def _give_for_code(self, request: Request) -> dict[str, Any]:
        app, form = self._apps.identify(request), request.form
        code = self._page.redeem(form.get("code", ""))
        if code is None or code.asked.app.client_id != app.client_id:
            raise RefusedError("invalid_grant", "Bad Request")
        if form.get("redirect_uri") != code.asked.redirect_uri:
            raise RefusedError("redirect_uri_mismatch", "Bad Request")
        verifier = form.get("code_verifier", "")
        if not verifier:
            raise RefusedError("invalid_grant", "Missing code verifier.")
        if _challenge(verifier) != code.asked.challenge:
            raise RefusedError("invalid_grant", "Invalid code verifier.")
        told = self._shape_of(code.consent, code.consent.scopes, code.asked.nonce)
        if code.refresh:
            told["refresh_token"] = self._world.tokens.give_refresh(code.consent)
        return told

    def _give_again(self, request: Request) -> dict[str, Any]:
        app, form = self._apps.identify(request), request.form
        consent = self._world.tokens.find_refresh(form.get("refresh_token", ""), app.client_id)
        if consent is None:
            raise _revoked()
        wanted = frozenset(form.get("scope", "").split()) or consent.scopes
        if not wanted <= consent.scopes:
            raise RefusedError("invalid_scope", "Some requested scopes were not granted.")
        return self._shape_of(consent, wanted)

    def _shape_of(
        self, consent: Consent, scopes: frozenset[str], nonce: str = ""
    ) -> dict[str, Any]:
        tokens = self._world.tokens
        told = self._shape(tokens.get_access(tokens.give_access(consent, scopes)))
        if scopes & SIGN_IN:
            told["id_token"] = self._id_token(consent, nonce)
        return told

    def _shape(self, access: Access) -> dict[str, Any]:
        left = int(access.until - self._world.now() - 0.001)
        return {
            "access_token": access.token,
            "expires_in": max(left, 0),
            "scope": " ".join(sorted(access.scopes)),
            "token_type": "Bearer",
        }

    def _id_token(self, consent: Consent, nonce: str) -> str:
        now = int(self._world.now())
        address = consent.mailbox.address
        claims = {
            "iss": signing.ISSUER,
            "azp": consent.client_id,
            "aud": consent.client_id,
            "sub": subject_of(address),
            "hd": address.partition("@")[2],
            "email": address,
            "email_verified": True,
            "iat": now,
            "exp": now + 3600,
        }
        return self._world.signer.sign({**claims, "nonce": nonce} if nonce else claims)

    def _revoke(self, request: Request) -> Answer:
        token = request.form.get("token") or dict(request.pairs).get("token", "")
        if self._world.tokens.revoke(token):
            return answer_json({})
        shape = {"error": "invalid_token", "error_description": "Token expired or revoked"}
        return answer_json(shape, 400)

    def _address_of(self, request: Request, grant: str) -> str:
        form = request.form
        if grant == "refresh_token":
            return self._world.tokens.owner_of(form.get("refresh_token", ""))
        return assertions.subject(form.get("assertion", "")) if grant == _ROBOT_GRANT else ""


def subject_of(address: str) -> str:
    """Return the number by which Google knows an owner, whatever the address becomes."""
    return str(10**20 + int(hashlib.sha256(address.encode()).hexdigest()[:15], 16))


def _before(kind: str) -> Answer | None:
    match kind:
        case "token_hang":
            return Answer(500, ending=Ending.HANG)
        case "token_500":
            shape = {"error": "internal_failure", "error_description": "Backend Error"}
            return answer_json(shape, 500)
        case "invalid_grant":
            raise _revoked()
    return None


def _revoked() -> RefusedError:
    return RefusedError("invalid_grant", "Token has been expired or revoked.")


def _challenge(verifier: str) -> str:
    made = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


_NO_STORE = ("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate")
