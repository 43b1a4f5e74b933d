#!/usr/bin/env bash
# Installs, by name from the distribution's own archive, what is missing of the groups named.
# When nothing is missing it costs one dpkg-query and touches nothing.
set -euo pipefail

usage() {
  cat <<'T'
Usage: tools/install_packages.sh [--list] GROUP...

  build   what ./run needs: compiler, CMake, libraries, curl
  test    what ./test needs besides: GoogleTest, clang-format, valgrind, Node, Python's venv
  tidy    clang-tidy 19
  bench   what bench/compare needs besides: nginx, wrk, h2load
  --list  print the missing packages and install nothing
T
}

# PACKAGE, or PACKAGE:COMMAND where another package may bring the command.
packages_of() {
  case $1 in
    build) echo clang-19 lld-19 llvm-19 g++ cmake ninja-build ccache pkg-config ca-certificates curl \
      libssl-dev libsqlite3-dev libsimdjson-dev libjemalloc-dev libboost-json1.81-dev libyaml-cpp-dev \
      libcli11-dev libspdlog-dev zlib1g-dev libbrotli-dev libzstd-dev libre2-dev ;;
    test) echo libgtest-dev clang-format-19 libclang-rt-19-dev python3 python3-venv openssl procps \
      valgrind strace nodejs:node npm:npm ;;
    tidy) echo clang-tidy-19 ;;
    bench) echo openssl nginx-light wrk nghttp2-client valgrind strace python3 nodejs:node npm:npm ;;
    *) echo "install_packages: no group called '$1'" >&2; usage >&2; return 2 ;;
  esac
}

missing_of() { # SPEC...
  local spec installed
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${@%%:*}" 2>/dev/null || true)
  for spec in "$@"; do
    grep -qxF "installed ${spec%%:*}" <<<"$installed" && continue
    [[ $spec == *:* ]] && command -v "${spec#*:}" >/dev/null && continue
    echo "${spec%%:*}"
  done | sort -u
}

apt_install() {
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
      echo "Missing packages, and neither root nor sudo to install them. As root: apt-get install $*" >&2
      return 1
    }
    as_root=(sudo)
  fi
  echo "Installing: $*" >&2
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

list_only=false
[ "${1:-}" = --list ] && { list_only=true; shift; }
case ${1:-} in -h | --help | '') usage; exit 0 ;; esac
wanted=()
for group in "$@"; do
  names=$(packages_of "$group")
  read -ra specs <<<"$names"
  wanted+=("${specs[@]}")
done
command -v dpkg-query >/dev/null || {
  echo "install_packages: this is no Debian; install what these packages hold: ${wanted[*]%%:*}" >&2
  exit 1
}
mapfile -t missing < <(missing_of "${wanted[@]}")
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi
if $list_only; then printf '%s\n' "${missing[@]}"; else apt_install "${missing[@]}"; fi
