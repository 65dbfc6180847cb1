#!/usr/bin/env bash
# Installs a build into an empty prefix, moves the prefix, and builds and runs a user's program against it: by
# pkg-config (shared and static) and by find_package, as C11 and as C++17. Asks each installed program its version. Then
# builds the examples hello and hello_host in the same ways and runs them, which starts the broker of the prefix.
#
#     run.sh BUILD CC CXX [SANITIZERS]
set -euo pipefail
build=$1 cc=$2 cxx=$3 sanitizers=${4:-}
here=$(dirname "$(readlink -f "$0")")
user=$here/user
examples=$here/../../examples
version=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' "$build/CMakeCache.txt")

work=$(mktemp -d)
prefix=$work/prefix
export XDG_RUNTIME_DIR=$work/runtime
mkdir -m 700 "$XDG_RUNTIME_DIR"
unset FAR_BROKER FAR_BROKER_PROGRAM FAR_AUTOSTART
host_pid=''

# The processes that run the broker of this prefix: only this test has started them.
brokers ()
{
    local process
    for process in /proc/[0-9]*; do
        if [ "$(readlink "$process/exe")" = "$prefix/bin/far-broker" ]; then
            echo "${process#/proc/}"
        fi
    done
}

# Ends a process, and waits until it is gone.
end ()
{
    kill "$1" 2>/dev/null || return 0
    for ((i = 0; i < 100; i++)); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.05
    done
    kill -KILL "$1" 2>/dev/null || true
}

clean_up ()
{
    local pid
    [ -z "$host_pid" ] || end "$host_pid"
    for pid in $(brokers); do
        end "$pid"
    done
    rm -rf "$work"
}
trap clean_up EXIT
cmake --install "$build" --prefix "$work/first" >"$work/log"
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

# example_by_pkg_config PROGRAM EXAMPLE COMPILER...
example_by_pkg_config ()
{
    local program=$work/$1 source=$examples/$2.c
    shift 2
    "$@" "${flags[@]}" "${cflags[@]}" -o "$program" "$source" -x none "${libs[@]}"
}

# examples_by_find_package LANGUAGE COMPILER NAME...: builds $work/examples-LANGUAGE/NAME
examples_by_find_package ()
{
    local language=$1 compiler=$2 project=$work/project-$1 folder=$work/examples-$1
    shift 2
    mkdir "$project"
    cat >"$project/CMakeLists.txt" <<END
cmake_minimum_required (VERSION 3.25)
project (examples LANGUAGES $language)
set (CMAKE_C_STANDARD 11)
set (CMAKE_CXX_STANDARD 17)
set (CMAKE_${language}_EXTENSIONS OFF)
find_package (farcall $version REQUIRED)
foreach (name IN ITEMS $*)
    configure_file ("$examples/\${name}.c" "\${name}.c" COPYONLY)
    set (source "\${CMAKE_CURRENT_BINARY_DIR}/\${name}.c")
    set_source_files_properties (\${source} PROPERTIES LANGUAGE $language)
    add_executable (\${name} \${source})
    target_compile_options (\${name} PRIVATE -Wall -Wextra -Werror -pedantic)
    target_link_libraries (\${name} PRIVATE farcall::farcall)
endforeach ()
END
    cmake -S "$project" -B "$folder" -G Ninja "-DCMAKE_${language}_COMPILER=$compiler" \
          "-DCMAKE_${language}_FLAGS=${sanitize[*]}" "-DCMAKE_PREFIX_PATH=$prefix" >"$work/log" ||
        fail "$(cat "$work/log")"
    cmake --build "$folder" >"$work/log" || fail "$(cat "$work/log")"
}

# What the comment at the top of hello.c says that it prints.
expected=$(sed -n '/^ \*     \$ \.\/hello$/,/^ \*\//s/^ \*     \([^$]\)/\1/p' "$examples/hello.c")
[ -n "$expected" ] || fail "hello.c does not say what it prints"

# greet HOST HELLO: runs both, the host first. hello tells the host to leave.
greet ()
{
    local output
    LD_LIBRARY_PATH=$prefix/lib "$1" &
    host_pid=$!
    output=$(LD_LIBRARY_PATH=$prefix/lib timeout 60 "$2") || fail "$2 failed"
    [ "$output" = "$expected" ] || fail "$2 printed '$output', not '$expected'"
    wait "$host_pid" || fail "$1 failed"
    host_pid=''
}

# expect_one_broker: the one that the first program has started
expect_one_broker ()
{
    [ "$(brokers | wc -l)" = 1 ] || fail "expected one broker of the prefix, not '$(brokers)'"
}

example_by_pkg_config hello_host hello_host "$cc" -x c -std=c11
example_by_pkg_config hello-c11 hello "$cc" -x c -std=c11
example_by_pkg_config hello-c++17 hello "$cxx" -x c++ -std=c++17
examples_by_find_package C "$cc" hello hello_host
examples_by_find_package CXX "$cxx" hello
[ -z "$(brokers)" ] || fail "a broker of the prefix runs before a program needs one"
greet "$work/hello_host" "$work/hello-c11"
expect_one_broker
greet "$work/hello_host" "$work/hello-c++17"
greet "$work/examples-C/hello_host" "$work/examples-C/hello"
greet "$work/examples-C/hello_host" "$work/examples-CXX/hello"
expect_one_broker
