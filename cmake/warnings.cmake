# One interface target that every target of ours links: warnings, sanitizers, and nothing else.
add_library(gatehouse_options INTERFACE)
target_compile_options(gatehouse_options INTERFACE -Wall -Wextra -Wconversion -Wshadow -Werror)
target_include_directories(gatehouse_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees dangling and uninitialised values in inlined library code that is neither.
  target_compile_options(gatehouse_options INTERFACE -Wno-maybe-uninitialized -Wno-dangling-pointer
    -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-restrict)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ 12 still uses its own deprecated get_temporary_buffer inside std::stable_sort.
  target_compile_options(gatehouse_options INTERFACE -Wno-deprecated-declarations)
endif()
if(GATEHOUSE_FUZZERS)
  target_compile_options(gatehouse_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(GATEHOUSE_SANITIZE)
  target_compile_options(gatehouse_options INTERFACE -fsanitize=${GATEHOUSE_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(gatehouse_options INTERFACE -fsanitize=${GATEHOUSE_SANITIZE})
endif()
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
