// What the demo says to a chat completion request.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "demo/chat_request.h"

namespace gatehouse::demo {

struct ToolCall {
  ToolKind kind = ToolKind::function;
  std::string id;
  std::string name;
  std::string arguments;  // JSON text, or free text for a custom tool
};

struct Choice {
  std::string text;
  std::vector<ToolCall> calls;
  std::string_view finish_reason = "stop";
};

struct ChatReply {
  std::vector<Choice> choices;
  std::int64_t completion_tokens = 0;
};

/// With tools and no answer of a tool yet: a call of the first tool (of all, if parallel calls are
/// asked for). Otherwise an echo of the question or of what the tools answered, or a value that
/// fits the format asked for.
ChatReply reply_to(const ChatRequest& request);

/// A text as the demo repeats it: its first two thousand bytes, since an answer has a size.
std::string shortened(std::string_view text);

/// Cuts a text at the first stop sequence, then at the limit of tokens; gives the finish reason.
std::string_view cut_text(std::string& text, const std::vector<std::string>& stop,
                          std::optional<std::int64_t> max_tokens);

}  // namespace gatehouse::demo
