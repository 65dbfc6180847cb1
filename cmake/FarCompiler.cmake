# How everything of this tree is compiled and linked: the language, warnings, hardening, sanitizers.

include (CheckCCompilerFlag)
include (CheckPIESupported)

set (CMAKE_C_STANDARD 11)
set (CMAKE_C_STANDARD_REQUIRED ON)
set (CMAKE_C_EXTENSIONS OFF)
set (CMAKE_C_VISIBILITY_PRESET hidden)
set (CMAKE_POSITION_INDEPENDENT_CODE ON)
check_pie_supported (LANGUAGES C)

# Without the -DNDEBUG that CMake adds by itself: assertions stay on in every build.
set (CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")
set (CMAKE_C_FLAGS_RELEASE "-O2")
set (CMAKE_C_FLAGS_MINSIZEREL "-Os")

add_compile_definitions (_GNU_SOURCE)
add_compile_options (-Wall -Wextra -Wconversion -Werror -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)

add_compile_options (-fstack-protector-strong)
check_c_compiler_flag (-fcf-protection FAR_HAS_CF_PROTECTION)
if (FAR_HAS_CF_PROTECTION)
    add_compile_options (-fcf-protection)
endif ()
add_link_options (-Wl,-z,relro,-z,now -Wl,--as-needed)

if (FAR_SANITIZE)
    # Not beside _FORTIFY_SOURCE: its checked calls would hide from the sanitizer what they check.
    add_compile_options (-fsanitize=${FAR_SANITIZE} -fno-omit-frame-pointer)
    add_link_options (-fsanitize=${FAR_SANITIZE})
else ()
    # Level 3 is for gcc 12 and later; glibc warns where there is no optimisation.
    if (CMAKE_C_COMPILER_ID STREQUAL "GNU" AND CMAKE_C_COMPILER_VERSION VERSION_GREATER_EQUAL 12)
        set (fortify 3)
    else ()
        set (fortify 2)
    endif ()
    add_compile_options ($<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE>
                         $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=${fortify}>)
endif ()
