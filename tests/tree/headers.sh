#!/usr/bin/env bash
# Every header compiles alone: the public ones as a user's strict C11 and C++17, the inner ones of lib/ as C11.
#
#     headers.sh ROOT CC CXX
set -uo pipefail
cd "$1" || exit
cc=$2 cxx=$3
failed=0 count=0

# alone HEADER COMPILER...
alone ()
{
    local header=$1
    shift
    count=$((count + 1))
    "$@" -Ilib/include -Wall -Wextra -Werror -fsyntax-only - <<<"#include <$header>" && return
    echo "$header: does not compile alone: $*"
    failed=$((failed + 1))
}

while read -r header; do
    alone "$header" "$cc" -x c -std=c11 -pedantic
    alone "$header" "$cxx" -x c++ -std=c++17 -pedantic
done < <(cd lib/include && find . -name '*.h' -printf '%P\n')
while read -r header; do
    alone "$header" "$cc" -x c -std=c11 -D_GNU_SOURCE -Ilib
done < <(cd lib && find base wire object proxy actor -name '*.h')

echo "$count compilations, $failed failed"
[ $count -gt 0 ] && [ $failed = 0 ]
