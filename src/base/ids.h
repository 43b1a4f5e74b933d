// Identifiers. A log id sorts by time, so that a log row is found without an index of its own.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"

namespace gatehouse {

/// A random UUID (RFC 9562 version 4), lower case with dashes: the trace id of a request without
/// one.
std::string make_uuid4(Random& random);
/// The same into a text, whose memory is used again.
void put_uuid4(Random& random, std::string& text);

/// A time-ordered UUID (RFC 9562 version 7): the id of a log record.
std::string make_uuid7(WallTime now, Random& random);
void put_uuid7(WallTime now, Random& random, std::string& text);

/// The millisecond in which a version 7 UUID was made, or -1 if `id` is not one.
long long millis_of_uuid7(std::string_view id);

using UuidBytes = std::array<std::uint8_t, 16>;

/// The bytes of a UUID of any version, if it stands there as the functions above write one: to the
/// letter, so that `text_of_uuid` gives the same text back.
std::optional<UuidBytes> bytes_of_uuid(std::string_view text);
std::string text_of_uuid(const UuidBytes& bytes);
/// As above.
long long millis_of_uuid7(const UuidBytes& bytes);

}  // namespace gatehouse
