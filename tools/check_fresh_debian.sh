#!/usr/bin/env bash
# Proves on a fresh Debian 12 that a clone of HEAD builds and answers: debootstrap into a temporary
# folder, clone, ./run, the curl line that it prints, and a second start within a second.
# Needs root. The mirror, its proxy and certificates are those that this machine's apt uses.
set -euo pipefail

usage() {
  cat <<'T'
Usage: tools/check_fresh_debian.sh [--bootstrap-only] [--test [OPTION...]]

  --bootstrap-only  make the fresh system, install the packages that ./run needs, and stop there
  --test            afterwards run ./test inside too, with the options that follow (--quick, ...)
T
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
suite=bookworm
fresh=
server=
bootstrap_only=false
with_test=false
environment=(-u PIP_FIND_LINKS -u GATEHOUSE_ADMIN_KEY HOME=/root LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin)
case ${1:-} in
  --bootstrap-only) bootstrap_only=true; shift ;;
  --test) with_test=true; shift ;;
  '') ;;
  *) usage; exit 0 ;;
esac
test_options=("$@")

say() { printf '\n== %s\n' "$*"; }
fail() { echo "check_fresh_debian: $*" >&2; exit 1; }

# Whatever happens: the server ends, nothing stays mounted, the folder goes.
clean_up() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; } || true
  [ -n "$fresh" ] || return 0
  local mounted
  mounted=$(awk -v top="$fresh/" 'index($2, top) == 1 { print $2 }' /proc/mounts | sort -r)
  for point in $mounted; do umount "$point" || umount -l "$point"; done
  if grep -qF " $fresh/" /proc/mounts; then fail "still mounted under $fresh: not removed"; fi
  rm -rf --one-file-system "$fresh"
}

# shellcheck disable=SC2016  # apt expands these, not the shell
# Lines `URI SUITE COMPONENT` of Debian's own archive, as this machine's apt has them configured.
debian_sources() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN) $(CODENAME)' 'Created-By: Packages' |
    awk -v suite="$suite" '$4 == "Debian" && index($5, suite) == 1 { print $1, $2, $3 }' | sort -u
}

use_apt_proxy() {
  local http='' https=''
  eval "$(apt-config shell http Acquire::http::Proxy https Acquire::https::Proxy)"
  [ -z "$http" ] || export http_proxy=${http_proxy:-$http}
  [ -z "$https" ] || export https_proxy=${https_proxy:-$https}
}

bootstrap() {
  local sources mirror
  sources=$(debian_sources)
  mirror=$(awk -v suite="$suite" '$2 == suite && $3 == "main" { print $1; exit }' <<<"$sources")
  [ -n "$mirror" ] || fail "apt knows no mirror of Debian $suite here: run apt-get update first"
  debootstrap --variant=minbase "$suite" "$fresh" "$mirror" >"$fresh.log" 2>&1 ||
    { tail -n 20 "$fresh.log" >&2; fail "debootstrap failed"; }
  rm -f "$fresh.log"
  awk '{ print "deb", $1, $2, $3 }' <<<"$sources" >"$fresh/etc/apt/sources.list"
  apt-config dump | grep -E '^Acquire::(https?::|Check-|Retries)' >"$fresh/etc/apt/apt.conf.d/90carried" || true
}

# How this machine reaches the net: names, certificates, registries. Proxies stand in the environment.
carry_network() {
  local file
  cp -L /etc/resolv.conf /etc/hosts "$fresh/etc/"
  for file in /usr/local/share/ca-certificates /etc/ssl/certs/ca-certificates.crt /etc/pip.conf "$HOME/.npmrc"; do
    [ ! -e "$file" ] || { mkdir -p "$fresh${file%/*}" && cp -aL "$file" "$fresh${file%/*}/"; }
  done
}

inside() { chroot "$fresh" env "${environment[@]}" "$@"; }

# Prints a port of 127.0.0.1 that nobody listens on, the usual one if it is free.
free_port() {
  local port
  for port in 8787 {18787..18887}; do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
  fail "no free port"
}

# Starts ./run inside, waits for the line that the server prints when it listens, sets `server`,
# `printed` and `took_ms`.
start_server() { # PORT
  local began=${EPOCHREALTIME/./}
  printed=$fresh/root/printed.txt
  rm -f "$printed"  # else the line of the start before could be taken for this one's
  # Not through inside(): its pid would be a shell's, and this one becomes the server's.
  chroot "$fresh" env "${environment[@]}" /gatehouse/run --listen "127.0.0.1:$1" --data /root/data >"$printed" 2>&1 &
  server=$!
  until grep -qs 'listening on' "$printed"; do
    kill -0 "$server" 2>/dev/null || { cat "$printed" >&2; fail "./run ended before it listened"; }
    sleep 0.02
  done
  took_ms=$(((${EPOCHREALTIME/./} - began) / 1000))
}

stop_server() {
  kill "$server"
  wait "$server" || fail "the server ended with $? after SIGTERM"
  server=
}

try_curl() {
  local line answer tries
  for tries in {1..50}; do
    line=$(sed -n 's/^[[:space:]]*\(curl .*\)/\1/p' "$printed" | head -n 1)
    [ -n "$line" ] && break
    sleep 0.1
  done
  [ -n "$line" ] || { cat "$printed" >&2; fail "no curl line was printed (looked $tries times)"; }
  answer=$(inside bash -c "$line")
  grep -q '"chat.completion"' <<<"$answer" || fail "the printed curl answered: $answer"
  echo "$answer"
}

[ "$(id -u)" -eq 0 ] || fail "needs root, for chroot and mount"
command -v debootstrap >/dev/null || fail "needs debootstrap: apt-get install debootstrap"
trap clean_up EXIT
trap 'exit 130' INT TERM
fresh=$(mktemp -d "${TMPDIR:-/tmp}/gatehouse-debian.XXXXXX")

say "Debian $suite into $fresh"
use_apt_proxy
bootstrap
carry_network
mount -t proc proc "$fresh/proc"
mkdir -p "$fresh/dev/shm"
mount -t tmpfs tmpfs "$fresh/dev/shm"

if $bootstrap_only; then
  say "packages"
  inside bash -s build <"$root/tools/install_packages.sh"
  say "the fresh system has every package of the group build"
  exit 0
fi

say "a clone of HEAD"
git clone -q "$root" "$fresh/gatehouse"

say "./run --build-only"
time inside /gatehouse/run --build-only

say "./run, first start"
port=$(free_port)
start_server "$port"
try_curl
stop_server

say "./run, second start"
start_server "$port"
stop_server
echo "it listened after $took_ms ms"
[ "$took_ms" -le 1000 ] || fail "the second start took $took_ms ms, more than a second"

if $with_test; then
  say "./test ${test_options[*]}"
  inside bash -c 'cd /gatehouse && ./test "$@"' test "${test_options[@]}"
fi
say "a fresh Debian $suite builds it, starts it and gets its answer"
