#!/bin/sh
# compare_py_test.sh A.json B.json: Google Benchmark's compare.py reads two of our run files, B's times 1.1 times A's.
# Exit 77: it is not installed.
tool=/usr/share/benchmark/compare.py
python=/usr/bin/python3 # the one that Debian's scipy belongs to
if [ ! -f "$tool" ]; then
  echo "skipped: Google Benchmark's compare.py is not installed (Debian: libbenchmark-tools)"
  exit 77
fi
if ! "$python" -c 'import scipy' 2>/dev/null; then
  echo "skipped: compare.py needs scipy for $python (Debian: python3-scipy)"
  exit 77
fi
output=$("$python" "$tool" --no-color benchmarks "$1" "$2") || {
  echo "compare.py refused our files"
  exit 1
}
echo "$output"
for mode in fp32 tf32 amp-bf16; do
  echo "$output" | grep -q "^train/resnet50/$mode/b16/d1/onednn " || {
    echo "compare.py does not list $mode"
    exit 1
  }
done
# Three launches of two modes; the unsupported one is there too, without a change.
[ "$(echo "$output" | grep -c '+0\.1000 *+0\.1000')" -eq 6 ] || {
  echo "compare.py does not see that all times are 1.1 times as long"
  exit 1
}
