"""The pair of keys by which the sandbox's SendGrid signs, as text that an environment can carry."""

from base64 import b64decode, b64encode

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)


def new_private() -> str:
    """A new private key of the curve P-256: base64 of DER."""
    key = ec.generate_private_key(ec.SECP256R1())
    return b64encode(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())).decode()


def private(text: str) -> ec.EllipticCurvePrivateKey:
    """The key of such a text. Raises ValueError for any other."""
    key = load_der_private_key(b64decode(text, validate=True), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("not a key of an elliptic curve")  # noqa: TRY004 - the text is wrong, not its type
    return key


def public(text: str) -> str:
    """Its public half as SendGrid's console shows it: what our settings hold."""
    key = private(text).public_key()
    return b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
