// Which names of the library are visible to programs that link it.
#pragma once

/// Marks what the shared library exports. Everything else in it is hidden.
#if defined(__GNUC__) || defined(__clang__)
#define GATEHOUSE_CLIENT_API __attribute__((visibility("default")))
#else
#define GATEHOUSE_CLIENT_API
#endif
