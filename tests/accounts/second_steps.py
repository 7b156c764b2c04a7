"""A code generator and a passkey as the tables hold them, for pages that show or ask for one."""

from __future__ import annotations

import hashlib

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from accounts.adapter import SecretsAdapter
from accounts.models import User

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def add_code_generator(user: User) -> Authenticator:
    return Authenticator.objects.create(user=user, type="totp", data={"secret": SecretsAdapter().encrypt(SEED)})


def add_recovery_codes(user: User) -> RecoveryCodes:
    return RecoveryCodes.activate(user)


def add_passkey(user: User, *, name: str = "Blue telephone") -> Authenticator:
    return Authenticator.objects.create(
        user=user, type="webauthn", data={"name": name, "credential": _credential(name.encode())}
    )


def _credential(raw_id: bytes) -> dict[str, object]:
    """What a browser hands over when it has made one."""
    pair = ec.generate_private_key(ec.SECP256R1())
    public_key = ES256.from_cryptography_key(pair.public_key())  # type: ignore[no-untyped-call]
    attested = AttestedCredentialData.create(bytes(16), raw_id, public_key)
    made = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(hashlib.sha256(b"testserver").digest(), made, 0, attested)
    return {
        "id": websafe_encode(raw_id),
        "rawId": websafe_encode(raw_id),
        "type": "public-key",
        "clientExtensionResults": {"credProps": {"rk": True}},
        "response": {
            "clientDataJSON": websafe_encode(b'{"type": "webauthn.create", "challenge": "", "origin": ""}'),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", data, {}))),
        },
    }
