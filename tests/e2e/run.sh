#!/usr/bin/env bash
# Runs the end-to-end and hostile tests against the real binary, with real clients.
#   tests/e2e/run.sh [pytest arguments]
#   GATEHOUSE_BINARY=PATH   the gateway to test (build/release/gatehouse unless given)
# The clients are installed once, into build/e2e-venv and tests/e2e/js/node_modules.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
venv="$root/build/e2e-venv"
export GATEHOUSE_BINARY="${GATEHOUSE_BINARY:-$root/build/release/gatehouse}"

for program in python3 node npm openssl; do
  command -v "$program" >/dev/null || { echo "e2e: $program is not installed" >&2; exit 2; }
done
if [[ ! -x "$GATEHOUSE_BINARY" ]]; then
  echo "e2e: no gateway at $GATEHOUSE_BINARY: build it (./run --build-only) or set GATEHOUSE_BINARY" >&2
  exit 2
fi

# A stamp of what was asked for: nothing is installed again while it is the same.
fresh() { [[ -f "$1" ]] && cmp -s "$1" "$2"; }

if ! fresh "$venv/requirements.stamp" "$here/requirements.txt"; then
  echo "e2e: installing the Python clients"
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$venv/requirements.stamp"
fi
if ! fresh "$here/js/node_modules/package-lock.stamp" "$here/js/package-lock.json"; then
  echo "e2e: installing the npm clients"
  (cd "$here/js" && npm ci --no-audit --no-fund --silent)
  cp "$here/js/package-lock.json" "$here/js/node_modules/package-lock.stamp"
fi

cd "$here"
export PYTHONDONTWRITEBYTECODE=1
exec "$venv/bin/python" -m pytest -c pytest.ini -q "$@"
