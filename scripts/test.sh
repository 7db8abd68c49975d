#!/usr/bin/env bash
# Everything that has to hold: format, lint, layers, types, and every test against real servers.
#
# The tests bring PostgreSQL and Valkey along. They also want Dovecot and a browser: root gets them by
# apt-get, anybody else a hint. Without them their tests are skipped, and the end of the run says so;
# with INLAY_REQUIRE_SERVERS=1 they fail. No process of a run outlives it.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT

has_dovecot() { [ -x /usr/sbin/dovecot ]; }
has_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null
missing() {
  has_dovecot || echo dovecot-imapd
  has_browser || echo chromium
}

# install PACKAGE…: try to; say why not. A server that apt-get brings is not started.
install() {
  local policy=/usr/sbin/policy-rc.d ours=
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && ours=yes
  fi
  echo "Installing $* …"
  {
    apt-get update -qq
    for package in "$@"; do
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package"
    done
  } >"$room/apt" 2>&1 || { echo "apt-get could not install everything:" && tail -n 3 "$room/apt"; }
  [ -z "$ours" ] || rm -f "$policy"
}

wanted=$(missing)
if [ -n "$wanted" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    # shellcheck disable=SC2086  # One word a package is meant.
    install $wanted
  else
    echo "Some tests need more. To have them: sudo apt-get install" $wanted
  fi
fi

# Settings of this shell are for a product, and not for its tests.
while read -r name; do unset "$name"; done < <(sed -n 's/^#\([A-Z][A-Z0-9_]*\)=.*/\1/p' .env.example)

failed=0
scripts/lint.sh || failed=1

# Orphans of this process come to it (prctl(2), PR_SET_CHILD_SUBREAPER), whatever session or
# environment they have made for themselves: so it sees everything that the tests leave running.
"$bin/python" - "$bin/python" -m pytest -n 2 --dist loadfile --junit-xml "$room/report.xml" "$@" <<'PYTHON' || failed=1
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time

import psutil

PR_SET_CHILD_SUBREAPER, PATIENCE = 36, 15


def living():
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass  # An orphan that has ended.
    return psutil.Process().children(recursive=True)


if sys.platform == "linux":
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
signal.signal(signal.SIGINT, lambda *_: None)  # The tests end by it; then we look around.
tests = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
# Reaped at once: a test that waits for a server of its own to be gone would wait for ever.
code = None
while code is None:
    pid, status = os.wait()
    if pid == tests.pid:
        code = tests.returncode = os.waitstatus_to_exitcode(status)
until = time.monotonic() + PATIENCE
while (left := living()) and time.monotonic() < until:
    time.sleep(0.2)
for process in left:
    with contextlib.suppress(psutil.Error):
        print(f"Left running, and ended now: {process.pid} {' '.join(process.cmdline())[:200]}")
        process.kill()
sys.exit(code or bool(left))
PYTHON

if [ -s "$room/report.xml" ]; then
  "$bin/python" - "$room/report.xml" <<'PYTHON'
import sys
from collections import Counter
from xml.etree import ElementTree

skips = ElementTree.parse(sys.argv[1]).iter("skipped")
reasons = Counter(skip.get("message", "") for skip in skips)
for reason, count in sorted(reasons.items()):
    print(f"Skipped {count}: {reason}")
PYTHON
fi
has_dovecot || echo "There was no Dovecot (package dovecot-imapd): nothing was read from a real IMAP server."
has_browser || echo "There was no browser (package chromium): no page was opened in one."
[ "$failed" = 0 ] && echo "Everything holds." || echo "Something does not hold; see above."
exit "$failed"
