#!/usr/bin/env bash
# Builds the fuzz targets and runs each for so many seconds: tests/fuzz/run.sh [SECONDS=300] [NAME...]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
seconds=${1:-300}
shift || true
build=$root/build/fuzz
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER=clang++-19 \
  -DCMAKE_CXX_FLAGS_DEBUG='-O1 -g1' -DGATEHOUSE_TESTS=OFF -DGATEHOUSE_FUZZERS=ON \
  -DGATEHOUSE_SANITIZE=address,undefined >/dev/null
cmake --build "$build" --target fuzzers
python3 "$root/tests/fuzz/make_seeds.py" "$build/corpus"
failed=0
for program in "$build"/tests/fuzz/fuzz_*; do
  [ -x "$program" ] && [ ! -d "$program" ] || continue
  name=$(basename "$program")
  [ $# -eq 0 ] || [[ " $* " == *" ${name#fuzz_} "* ]] || continue
  mkdir -p "$build/corpus/$name"
  echo "==== $name, $seconds s"
  (cd "$build" && "$program" -max_total_time="$seconds" -max_len=4096 -timeout=10 -print_final_stats=1 \
    -verbosity=0 "corpus/$name" 2>&1 | tail -6) || failed=$((failed + 1))
done
echo "$failed failed"
exit "$((failed > 0))"
