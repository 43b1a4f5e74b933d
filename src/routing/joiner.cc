#include "routing/joiner.h"

#include <algorithm>

namespace gatehouse::routing {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

std::string_view without_leading_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(kBlank), text.size()));
}

}  // namespace

Joiner::Joiner(std::string sent)
    : sent_(without_leading_blanks(sent)),
      ends_blank_(!sent.empty() && kBlank.contains(sent.back())) {
  if (sent_.empty()) state_ = State::continuing;
}

Result<std::string> Joiner::feed(std::string_view text) {
  switch (state_) {
    case State::continuing: return std::string(text);
    case State::repeating: return skip_repeated(text);
    case State::undecided: break;
  }
  held_.append(text);
  return decide();
}

Result<std::string> Joiner::decide() {
  const std::string_view heard = without_leading_blanks(held_);
  const std::size_t telling = std::min(kTelling, sent_.size());
  const std::size_t common = std::min({heard.size(), telling, sent_.size()});
  if (heard.substr(0, common) != std::string_view(sent_).substr(0, common)) {
    state_ = State::continuing;
    return continued(std::move(held_));
  }
  if (heard.size() < telling) return std::string();
  state_ = State::repeating;
  return skip_repeated(std::string(heard));
}

Result<std::string> Joiner::skip_repeated(std::string_view text) {
  const std::size_t left = sent_.size() - repeated_;
  const std::size_t common = std::min(left, text.size());
  if (text.substr(0, common) != std::string_view(sent_).substr(repeated_, common)) {
    return fail(upstream_error(ErrorCode::upstream_malformed,
                               "The next target began the answer anew and said something else."));
  }
  repeated_ += common;
  if (repeated_ < sent_.size()) return std::string();
  state_ = State::continuing;
  return std::string(text.substr(common));
}

std::string Joiner::continued(std::string text) {
  // The client has the blank already at which the text was cut.
  if (!ends_blank_) return text;
  return std::string(without_leading_blanks(text));
}

Result<std::string> Joiner::finish() {
  switch (state_) {
    case State::continuing: return std::string();
    case State::undecided: state_ = State::continuing; return continued(std::move(held_));
    case State::repeating: break;
  }
  return fail(upstream_error(ErrorCode::upstream_cut,
                             "The next target's answer ended before it had caught up."));
}

}  // namespace gatehouse::routing
