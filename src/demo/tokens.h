// A stable stand-in for a tokenizer.
//
// A token is a run of letters and digits of at most six bytes, or one other character; the blanks
// before it belong to it. Bytes of non-ASCII characters count as letters, and no character is cut
// apart.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace gatehouse::demo {

/// The tokens in order; joined they are `text` again.
std::vector<std::string_view> split_tokens(std::string_view text);

std::int64_t count_tokens(std::string_view text);

}  // namespace gatehouse::demo
