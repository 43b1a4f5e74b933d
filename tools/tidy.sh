#!/usr/bin/env bash
# clang-tidy 19 by .clang-tidy, over the .cc files that differ from HEAD, or over FILE..., or all.
# The compile commands are those of the dev preset, which is only configured here, not built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case ${1:-} in
  --help) echo 'Usage: tools/tidy.sh [--all | FILE...]'; exit 0 ;;
  --all) mapfile -t files < <(find src client/src -name '*.cc' ! -name '*_test.cc' | sort) ;;
  '') mapfile -t files < <({ git diff --name-only HEAD; git ls-files --others --exclude-standard; } |
    grep -E '^(src|client/src)/.*\.cc$' | grep -v '_test\.cc$' | sort -u) ;;
  *) files=("$@") ;;
esac
if [ ${#files[@]} -eq 0 ]; then echo 'tidy: no C++ file changed'; exit 0; fi
cmake --preset dev --log-level=NOTICE >/dev/null
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" clang-tidy-19 -p build/dev --quiet
echo "tidy: ${#files[@]} files"
