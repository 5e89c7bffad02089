"""What do statements and packs share? Passwords for those who get them, encryption, and what stands at the head and foot of their sheets."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kehujingli.errors import problem
from kehujingli.workspace import Workspace

if TYPE_CHECKING:
    from kehujingli.workbooks.house import Meta
    from kehujingli.workspace.results import Results

_ENCRYPTED = b"\xd0\xcf\x11\xe0"
"""How an encrypted workbook begins."""


def passwords_by(path: Path | None) -> Mapping[str, str]:
    """Number of whom it is for → password; under the empty name the one for all. Raises ``option.bad``."""
    if path is None:
        return {}
    from kehujingli.intake.files.text import decode

    try:
        lines = [line.strip() for line in decode(path.read_bytes()).splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError):
        lines = []
    if not lines:
        raise problem(
            "option.bad",
            option="--password-file",
            value=path,
            detail="读不出密码",
            cure="请写成文本文件：一行共用密码，或每人一行“工号 密码”。",
        )
    pairs = [_parted(line) for line in lines]
    if len(lines) == 1 and len(pairs[0]) == 1:
        return {"": lines[0]}
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def _parted(line: str) -> list[str]:
    """工号 and password; a password of its own may stand alone."""
    return re.split(r"[\s,，]+", line, maxsplit=1)


def check_passwords(passwords: Mapping[str, str], who: Collection[str]) -> None:
    """Raises ``option.bad`` where somebody would get a file without a password although others have one."""
    if passwords and "" not in passwords and (lacking := sorted(set(who) - passwords.keys())):
        raise problem(
            "option.bad",
            option="--password-file",
            value="、".join(lacking[:5]),
            detail="没有写密码",
            cure="请每人一行“工号 密码”，或只写一行共用密码。",
        )


def encrypt(path: Path, password: str) -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(path.read_bytes())).encrypt(password, locked)
    path.write_bytes(locked.getvalue())


def locked(path: Path, password: str, there: Path) -> None:
    """Encrypt the file; where ``there`` says the same under the same password, as that: each encryption is other bytes."""
    plain = path.read_bytes()
    with contextlib.suppress(OSError):
        known = there.read_bytes()
        if known.startswith(_ENCRYPTED) and opened(known, [password]) == plain:
            path.write_bytes(known)
            return
    encrypt(path, password)


def opened(content: bytes, passwords: Sequence[str]) -> bytes | None:
    """The workbook that came back, decrypted where it must be; nothing where no password opens it."""
    if not content.startswith(_ENCRYPTED):
        return content
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError

    for password in passwords:
        # A line may be 工号 and password, as ``statements`` takes it.
        for text in (password, _parted(password)[-1]):
            plain = io.BytesIO()
            try:
                office = msoffcrypto.OfficeFile(io.BytesIO(content))
                office.load_key(password=text)
                office.decrypt(plain)
            except (DecryptionError, FileFormatError, InvalidKeyError):
                continue
            return plain.getvalue()
    return None


def meta_of(workspace: Workspace, sources: Results) -> Meta:
    from kehujingli.closing import state_of
    from kehujingli.periods import Period
    from kehujingli.rules import Institution, load_rules
    from kehujingli.workbooks.house import Meta

    path = workspace.rules_of(sources.manifest)
    institution = load_rules(path).rules.institution if path is not None and path.exists() else Institution(name="")
    signatures = institution.signatures
    return Meta(
        institution.name,
        Period.of(sources.period).label,
        sources.manifest["as_of"],
        sources.manifest["rules"]["document"],
        signatures.prepared,
        signatures.reviewed,
        signatures.approved,
        state_of(workspace, sources.period).status,
    )
