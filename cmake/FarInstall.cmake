# What `cmake --install` gives, in two components: runtime (programs, shared library) and development (static library,
# headers, pkg-config and CMake packages). Without --component it gives both.

if (NOT TARGET farcall)
    return ()
endif ()
include (CMakePackageConfigHelpers)
set (package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/farcall)

# The programs find the library wherever the prefix is moved to.
file (RELATIVE_PATH library_from_programs ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
foreach (program IN ITEMS far-broker far-actor far far-launch)
    if (TARGET ${program})
        set_target_properties (${program} PROPERTIES INSTALL_RPATH $ORIGIN/${library_from_programs})
        install (TARGETS ${program} RUNTIME COMPONENT runtime)
    endif ()
endforeach ()

install (TARGETS farcall EXPORT farcall-targets
         LIBRARY COMPONENT runtime NAMELINK_COMPONENT development)
install (TARGETS farcall-static EXPORT farcall-static-targets
         ARCHIVE COMPONENT development)
install (DIRECTORY ${PROJECT_SOURCE_DIR}/lib/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
         COMPONENT development FILES_MATCHING PATTERN "*.h")

# find_package (farcall): farcall::farcall; with COMPONENTS static also farcall::static.
set_target_properties (farcall-static PROPERTIES EXPORT_NAME static)
install (EXPORT farcall-targets NAMESPACE farcall:: DESTINATION ${package_folder} COMPONENT development)
install (EXPORT farcall-static-targets NAMESPACE farcall:: DESTINATION ${package_folder} COMPONENT development)
configure_package_config_file (${PROJECT_SOURCE_DIR}/cmake/farcall-config.cmake.in farcall-config.cmake
                               INSTALL_DESTINATION ${package_folder} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file (farcall-config-version.cmake COMPATIBILITY SameMinorVersion)
install (FILES ${PROJECT_BINARY_DIR}/farcall-config.cmake ${PROJECT_BINARY_DIR}/farcall-config-version.cmake
         DESTINATION ${package_folder} COMPONENT development)

# pkg-config: paths relative to the file itself, so that the prefix may be moved.
file (RELATIVE_PATH prefix_from_pc ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
cmake_path (SET prefix_from_pc NORMALIZE ${prefix_from_pc})
string (REGEX REPLACE "/$" "" prefix_from_pc ${prefix_from_pc})
configure_file (${PROJECT_SOURCE_DIR}/cmake/farcall.pc.in farcall.pc @ONLY)
install (FILES ${PROJECT_BINARY_DIR}/farcall.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)

install (FILES README.md NEWS.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)
install (DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime
         FILES_MATCHING PATTERN "*.md")
