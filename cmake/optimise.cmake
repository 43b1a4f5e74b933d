# What a release build by Clang adds to -O3: link-time optimisation over all rooms, and for the rooms
# that every request passes the profile that bench/make_profile took of the gateway under load. Both
# are left out where their tools are missing, and in every other build. A profile that is older than
# the code only helps less.
set(GATEHOUSE_PROFILE "${CMAKE_SOURCE_DIR}/bench/profile/gatehouse.profdata" CACHE FILEPATH
  "The profile that a release build uses; empty: none")
set(GATEHOUSE_TAKE_PROFILE "" CACHE PATH "Build a gateway that leaves its profile in this folder")

set(GATEHOUSE_PROFILED_ROOMS base async json http providers auth credentials exchange usage logs store
  attempt gateway)
add_library(gatehouse_linked_whole INTERFACE)
add_library(gatehouse_profiled INTERFACE)

function(gatehouse_link_whole)
  string(REGEX MATCH "^[0-9]+" version ${CMAKE_CXX_COMPILER_VERSION})
  find_program(LLVM_AR llvm-ar-${version})
  find_program(LLVM_RANLIB llvm-ranlib-${version})
  find_program(LLVM_LD ld.lld-${version})
  if(NOT (LLVM_AR AND LLVM_RANLIB AND LLVM_LD))
    return()
  endif()
  # An archive of bitcode needs an index that GNU's tools cannot make.
  set(CMAKE_AR ${LLVM_AR} PARENT_SCOPE)
  set(CMAKE_RANLIB ${LLVM_RANLIB} PARENT_SCOPE)
  target_compile_options(gatehouse_linked_whole INTERFACE -flto=thin)
  target_link_options(gatehouse_linked_whole INTERFACE -flto=thin --ld-path=${LLVM_LD}
    -Wl,--thinlto-cache-dir=${CMAKE_BINARY_DIR}/thinlto)
endfunction()

# The profile tells functions of one file from others by the file's name, not by its path, which is
# another one in every clone.
set(names_without_paths "SHELL:-mllvm -static-func-full-module-prefix=false")
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_BUILD_TYPE STREQUAL "Release")
  # Calls into shared libraries go straight to where they lead.
  target_compile_options(gatehouse_linked_whole INTERFACE -fno-plt)
  # Before a coroutine is split, the removal of redundant loads joins the addresses of its locals, which
  # then are kept in its frame and loaded again behind every co_await (Clang 19: 82 such loads in one
  # loop, 20 without). The linker removes redundant loads once more, when coroutines are functions.
  target_compile_options(gatehouse_linked_whole INTERFACE "SHELL:-mllvm -enable-load-pre=false")
  if(GATEHOUSE_TAKE_PROFILE)
    target_compile_options(gatehouse_profiled INTERFACE -fprofile-generate=${GATEHOUSE_TAKE_PROFILE}
      -fprofile-update=atomic ${names_without_paths})
    target_link_options(gatehouse_profiled INTERFACE -fprofile-generate=${GATEHOUSE_TAKE_PROFILE})
  else()
    gatehouse_link_whole()
    if(GATEHOUSE_PROFILE AND EXISTS ${GATEHOUSE_PROFILE})
      set(GATEHOUSE_PROFILE_USED ${GATEHOUSE_PROFILE})
      target_compile_options(gatehouse_profiled INTERFACE -fprofile-use=${GATEHOUSE_PROFILE}
        ${names_without_paths} -Wno-profile-instr-out-of-date -Wno-profile-instr-unprofiled -Wno-backend-plugin)
    endif()
  endif()
endif()
