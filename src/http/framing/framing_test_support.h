// What the framing tests share: frames copied out of the parser, and the same bytes cut anywhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/framing/frame.h"

namespace gatehouse::http::testing {

struct OwnedFrame {
  FrameKind kind = FrameKind::event;
  std::string name;
  std::string data;
  friend bool operator==(const OwnedFrame&, const OwnedFrame&) = default;
};

/// Feeds `pieces` and then the end; copies the frames after each piece, as a reader would, from
/// buffers that are freed as soon as the parser may no longer look at them.
template <class Parser>
Result<std::vector<OwnedFrame>> frames_of(Parser& parser, const std::vector<std::string>& pieces) {
  std::vector<OwnedFrame> all;
  std::vector<Frame> frames;
  const auto copy = [&] {
    for (const Frame& frame : frames) {
      all.push_back({frame.kind, std::string(frame.name), std::string(frame.data)});
    }
    frames.clear();
  };
  for (const std::string& piece : pieces) {
    const std::vector<char> exact(piece.begin(), piece.end());  // a sanitizer sees a read past it
    if (auto fed = parser.feed({exact.data(), exact.size()}, frames); !fed) {
      return fail(fed.error());
    }
    copy();
  }
  if (auto finished = parser.finish(frames); !finished) return fail(finished.error());
  copy();
  return all;
}

inline std::vector<std::string> one_byte_at_a_time(std::string_view bytes) {
  std::vector<std::string> pieces;
  for (const char c : bytes) pieces.emplace_back(1, c);
  return pieces;
}

inline std::vector<std::string> cut_at(std::string_view bytes, std::size_t at) {
  return {std::string(bytes.substr(0, at)), std::string(bytes.substr(at))};
}

}  // namespace gatehouse::http::testing
