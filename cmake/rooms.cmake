# gatehouse_room(NAME [DEPS room...] [LIBS target...] [DIR folder] [PROGRAM name])
#
# One static library per room, from the .cc files of its folder (sub-folders too), and one test
# program NAME_test from its *_test.cc files. DEPS are the rooms it may include: the arrows of
# tools/rooms.toml, so that a wrong arrow also fails to link. LIBS are third-party targets.
# PROGRAM makes an executable from PROGRAM.cc of the folder, in the root of the build folder.
#
# The target unit_tests builds every test program.
include(GoogleTest)
add_custom_target(unit_tests)

function(gatehouse_room name)
  cmake_parse_arguments(ROOM "" "DIR;PROGRAM" "DEPS;LIBS" ${ARGN})
  if(NOT ROOM_DIR)
    set(ROOM_DIR ${name})
  endif()
  set(folder ${CMAKE_SOURCE_DIR}/src/${ROOM_DIR})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(REMOVE_ITEM sources ${folder}/${ROOM_PROGRAM}.cc)
  list(TRANSFORM ROOM_DEPS PREPEND "room_" OUTPUT_VARIABLE deps)
  if(sources)
    add_library(room_${name} STATIC ${sources})
    target_link_libraries(room_${name} PRIVATE gatehouse_options PUBLIC gatehouse_linked_whole ${deps} ${ROOM_LIBS})
    if(name IN_LIST GATEHOUSE_PROFILED_ROOMS)
      target_link_libraries(room_${name} PRIVATE gatehouse_profiled)
      # Objects of two profiles cannot be linked as a whole.
      set_property(SOURCE ${sources} APPEND PROPERTY OBJECT_DEPENDS ${GATEHOUSE_PROFILE_USED})
    endif()
  else()
    add_library(room_${name} INTERFACE)
    target_link_libraries(room_${name} INTERFACE ${deps} ${ROOM_LIBS})
  endif()
  if(GATEHOUSE_TESTS AND tests)
    gatehouse_room_test(${name} ${tests})
  endif()
  if(ROOM_PROGRAM AND EXISTS ${folder}/${ROOM_PROGRAM}.cc)
    add_executable(${ROOM_PROGRAM} ${folder}/${ROOM_PROGRAM}.cc)
    if(JEMALLOC AND NOT GATEHOUSE_SANITIZE)  # sanitizers want to see each allocation
      target_link_libraries(${ROOM_PROGRAM} PRIVATE -Wl,--no-as-needed ${JEMALLOC} -Wl,--as-needed)
    endif()
    target_link_libraries(${ROOM_PROGRAM} PRIVATE gatehouse_options room_${name})
    target_compile_definitions(${ROOM_PROGRAM} PRIVATE GATEHOUSE_VERSION="${PROJECT_VERSION}")
    set_target_properties(${ROOM_PROGRAM} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  endif()
endfunction()

function(gatehouse_room_test name)
  gatehouse_test(${name}_test ${ARGN})
  target_link_libraries(${name}_test PRIVATE room_${name})
endfunction()

# With a sanitizer a program is one test of ctest's: starting it once a case would take minutes.
function(gatehouse_test name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE gatehouse_options GTest::gtest GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE GATEHOUSE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  add_dependencies(unit_tests ${name})
  if(GATEHOUSE_SANITIZE)
    add_test(NAME ${name} COMMAND ${name})
  else()
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST)
  endif()
endfunction()
