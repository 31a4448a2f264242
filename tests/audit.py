"""`make audit`: is every package pinned with hashes and free of known holes, and is what we carry what it was?

Prints a line for each question and ends with 1 when one of the answers is no, or cannot be had for want of a network.
"""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
PINNED = (HOUSE / "requirements.txt", HOUSE / "requirements-dev.txt")
STATIC = HOUSE / "static"
RECORDED = STATIC / "licences/vendored.sha256"
OWN = {"app.css", "app.js", "brand.svg", "passkey.js", "staff.css"}
"""Files in `static/` that are written here."""
MINUTES = 5


def pins(path: Path) -> dict[str, list[str]]:
    """Package==version → its SHA-256 hashes; a line that pins nothing exactly is kept with what it says and no hash."""
    found: dict[str, list[str]] = {}
    for block in re.sub(r"\\\n", " ", path.read_text("utf-8")).splitlines():
        if block.strip() and not block.lstrip().startswith("#"):
            name = block.split(" ")[0]
            exact = re.fullmatch(r"[A-Za-z0-9._-]+(\[[\w,-]+\])?==[\w.+!-]+", name)
            found[name] = re.findall(r"--hash=sha256:([0-9a-f]{64})", block) if exact else []
    return found


def without_hash(path: Path) -> list[str]:
    """The pins of this file that could be installed as something else than what was pinned."""
    return [name for name, hashes in pins(path).items() if not hashes]


def recorded() -> dict[str, str]:
    """File in `static/` that we carry from elsewhere → the SHA-256 that it had when it was taken in."""
    lines = RECORDED.read_text("utf-8").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines if line)}


def altered() -> list[str]:
    """Carried files that are missing or not what was recorded, and files that nobody recorded."""
    told = recorded()
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in STATIC.iterdir() if path.is_file()}
    wrong = [name for name, digest in told.items() if there.get(name) != digest]
    return sorted([*wrong, *(there.keys() - told.keys() - OWN)])


def known_holes(path: Path) -> tuple[int, str]:
    """What `pip-audit` says of the pins (nothing is installed): 0 no holes, 1 holes, 2 it could not tell of all of them."""
    asked = [sys.executable, "-m", "pip_audit", "--requirement", str(path), "--require-hashes", "--disable-pip"]
    asked += ["--progress-spinner", "off", "--timeout", "20"]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, timeout=MINUTES * 60, check=False)
    except subprocess.TimeoutExpired:
        return 2, f"no answer within {MINUTES} minutes"
    return read_answer(done.returncode, (done.stdout + done.stderr).strip())


def read_answer(code: int, said: str) -> tuple[int, str]:
    """What an answer of `pip-audit` comes to. It ends with 0 although it skipped packages that its service does not know."""
    if found := re.search(r"^Found \d+ known vulnerabilit.*", said, re.M):
        return 1, said[found.start() :]
    skipped = said.count("could not be audited")
    if skipped:
        return 2, f"{skipped} packages are unknown to the service that was asked"
    if code or "No known vulnerabilities found" not in said:
        return 2, said.splitlines()[-1] if said else "pip-audit could not be run"
    return 0, said


def main() -> int:
    """Ask all questions and print the answers."""
    failed = False
    for path in PINNED:
        bare = without_hash(path)
        print(f"{path.name}: {len(pins(path))} packages, {len(bare)} without a hash {' '.join(bare)}".rstrip())
        failed |= bool(bare)
    wrong = altered()
    print(f"static: {len(recorded())} carried files, {len(wrong)} not as recorded {' '.join(wrong)}".rstrip())
    failed |= bool(wrong)
    for path in PINNED:
        state, said = known_holes(path)
        words = {0: "no known holes", 1: said, 2: f"NOT CHECKED, the network is needed: {said}"}
        print(f"{path.name}: {words[state]}")
        failed |= state != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
