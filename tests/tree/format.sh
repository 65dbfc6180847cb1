#!/usr/bin/env bash
# The C files are formatted as .clang-format says. Skipped without clang-format 14: others format differently.
#
#     format.sh ROOT
set -uo pipefail
cd "$1" || exit
formatter=$(command -v clang-format-14 || command -v clang-format)
if [ -z "$formatter" ] || ! "$formatter" --version | grep -q 'version 14\.'; then
    echo "skipped: no clang-format 14"
    exit 77
fi

mapfile -t files < <(find lib broker actor cli examples bench tests -name '*.[ch]')
"$formatter" --style=file --dry-run -Werror "${files[@]}" 2>&1 | grep -o '^[^: ]*:[0-9]*' | sort -u -t: -k1,1 -k2n |
    sed 's/$/: not as .clang-format says (clang-format -i mends it)/'
[ "${PIPESTATUS[0]}" = 0 ]
