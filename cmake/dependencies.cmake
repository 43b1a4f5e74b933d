# Everything comes from the distribution; tools/install_packages.sh installs it by name.
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(simdjson REQUIRED)
find_package(Boost 1.75 REQUIRED COMPONENTS json)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)  # comes with spdlog
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
find_library(JEMALLOC jemalloc)  # takes malloc's place in the program: see docs/adr/0007
pkg_check_modules(BROTLI REQUIRED IMPORTED_TARGET libbrotlidec)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
if(GATEHOUSE_TESTS)
  find_package(GTest REQUIRED)
endif()
