#!/usr/bin/env bash
# Installs a build into an empty prefix, moves the prefix, and builds and runs a user's program against it: by
# pkg-config (shared and static) and by find_package, as C11 and as C++17. Then asks each installed program its version.
#
#     run.sh BUILD CC CXX [SANITIZERS]
set -euo pipefail
build=$1 cc=$2 cxx=$3 sanitizers=${4:-}
user=$(dirname "$(readlink -f "$0")")/user
version=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' "$build/CMakeCache.txt")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$build" --prefix "$work/first" >"$work/log"
prefix=$work/prefix
mv "$work/first" "$prefix"

fail ()
{
    echo "failed: $*" >&2
    exit 1
}

for file in include/farcall.h include/farcall/value.h lib/libfarcall.so lib/libfarcall.so.0 lib/libfarcall.a \
            lib/pkgconfig/farcall.pc bin/far-broker bin/far-actor bin/far share/doc/farcall/README.md \
            share/doc/farcall/LICENSE share/doc/farcall/protocol.md; do
    [ -e "$prefix/$file" ] || fail "$file is not installed"
done

sanitize=()
[ -z "$sanitizers" ] || sanitize=("-fsanitize=$sanitizers")
flags=(-Wall -Wextra -Werror -pedantic "${sanitize[@]}" "-DEXPECTED_VERSION=\"$version\"")
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
[ "$(pkg-config --modversion farcall)" = "$version" ] || fail "farcall.pc is of another version than $version"
read -ra cflags <<<"$(pkg-config --cflags farcall)"
read -ra libs <<<"$(pkg-config --libs farcall)"
read -ra static_libs <<<"$(pkg-config --static --libs farcall | sed 's/-lfarcall/-l:libfarcall.a/')"

# by_pkg_config NAME COMPILER...
by_pkg_config ()
{
    local program=$work/$1
    shift
    "$@" "${flags[@]}" "${cflags[@]}" -o "$program" "$user/program.c" -x none "${libs[@]}"
    LD_LIBRARY_PATH=$prefix/lib "$program"
    "$@" "${flags[@]}" "${cflags[@]}" -fPIC -shared -o "$program.so" "$user/module.c" -x none "${libs[@]}"
}

# by_find_package LANGUAGE COMPILER
by_find_package ()
{
    local folder=$work/$1
    cmake -S "$user" -B "$folder" -G Ninja "-DLANGUAGE=$1" "-DCMAKE_$1_COMPILER=$2" "-DCMAKE_$1_FLAGS=${sanitize[*]}" \
          "-DVERSION=$version" "-DCMAKE_PREFIX_PATH=$prefix" >"$work/log" || fail "$(cat "$work/log")"
    cmake --build "$folder" >"$work/log" || fail "$(cat "$work/log")"
    "$folder/program"
}

by_pkg_config c11 "$cc" -x c -std=c11
by_pkg_config c++17 "$cxx" -x c++ -std=c++17
by_find_package C "$cc"
by_find_package CXX "$cxx"

"$cc" -std=c11 "${flags[@]}" "${cflags[@]}" -o "$work/static" "$user/program.c" "${static_libs[@]}"
"$work/static"

for program in far-broker far-actor far; do
    "$prefix/bin/$program" --version | grep -qF "$version" || fail "$program --version does not say $version"
done
