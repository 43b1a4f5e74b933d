#!/usr/bin/env bash
# Formats the C++ of the tree by .clang-format; with --check, tells where it differs and fails.
# clang-format 19, from Debian 12's own archive: another version would format otherwise.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case ${1:-} in
  --check) mode=(--dry-run --Werror) ;;
  '') mode=(-i) ;;
  *) echo 'Usage: tools/format.sh [--check]' >&2; exit 2 ;;
esac
mapfile -d '' files < <(find src tests bench client examples \
  \( -name node_modules -o -name build -o -name golden \) -prune -o \
  -type f \( -name '*.h' -o -name '*.cc' \) -print0 2>/dev/null)
printf '%s\0' "${files[@]}" | xargs -0 -n 16 -P "$(nproc)" clang-format-19 "${mode[@]}"
echo "format: ${#files[@]} files"
