// Decoding compressed bodies (RFC 9110 section 8.4): gzip, deflate, br, zstd.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "async/block.h"
#include "async/stream.h"

namespace gatehouse::http {

enum class ContentCoding : std::uint8_t { identity, gzip, deflate, brotli, zstd };

/// From a Content-Encoding field; nothing for a coding that is not known, or for several at once.
std::optional<ContentCoding> content_coding_of(std::string_view field);

/// The decoded bytes, block by block as they are asked for, so that a bomb goes off nowhere.
/// Error: upstream_malformed for a body that is not what its coding says, or is cut off.
async::Stream<async::Chunk> decode_content(async::Stream<async::Chunk> in, ContentCoding coding);

}  // namespace gatehouse::http
