#include "http/body.h"

#include <algorithm>
#include <utility>

namespace gatehouse::http {
namespace {

Error cut_short(const BodySource& source) {
  if (source.socket->state().peer == async::Peer::client) {
    return client_error(ErrorCode::client_gone,
                        "The client closed the connection inside its body.");
  }
  return upstream_error(ErrorCode::upstream_cut,
                        "The upstream closed the connection before its answer was complete.");
}

// What one block of raw bytes gives: the decoded part stays in the block, what is beyond the body
// goes to `surplus`. What stands around the decoded part is nobody's from then on.
// NOLINTNEXTLINE(readability-function-size): an else-if counts as a level of its own
Result<void> decode(BodySource& source, Chunk& chunk) {
  char* const bytes = chunk.block ? chunk.block.bytes() + chunk.offset : nullptr;
  std::size_t skipped = 0;
  std::size_t payload = chunk.size;
  std::size_t consumed = chunk.size;
  if (source.framing == Framing::length) {
    payload = consumed =
        static_cast<std::size_t>(std::min<std::uint64_t>(source.remaining, chunk.size));
    source.remaining -= payload;
    source.is_complete = source.remaining == 0;
  } else if (source.framing == Framing::chunked) {
    Result<ChunkedDecoder::Step> step = source.chunks.decode({bytes, chunk.size});
    if (!step) {
      Error error = std::move(step.error());
      if (source.socket->state().peer == async::Peer::upstream) {
        error.code = ErrorCode::upstream_malformed;
        error.origin = Origin::upstream;
      }
      return fail(std::move(error));
    }
    skipped = step->offset;
    payload = step->payload;
    consumed = step->consumed;
    source.is_complete = source.chunks.is_finished();
  }
  if (consumed < chunk.size) source.surplus.assign(bytes + consumed, chunk.size - consumed);
  chunk.offset += skipped;
  chunk.size = payload;
  chunk.is_last = source.is_complete;
  return {};
}

}  // namespace

Timeout Patience::next(MonotonicTime now) const {
  if (until == MonotonicTime::max()) return between;
  const auto left = std::max(std::chrono::ceil<Timeout>(until - now), Timeout{1});
  return between.count() == 0 ? left : std::min(between, left);
}

// The source is within the owner. A coroutine's body counts as a level of its own.
// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters, readability-function-size)
Stream<Chunk> read_body(BodySource& source, std::unique_ptr<BodyOwner> owner) {
  if (source.framing == Framing::none) {
    source.is_complete = true;
    if (source.first.size > 0) source.surplus = source.first.view();
  }
  Chunk chunk = std::exchange(source.first, Chunk());
  while (!source.is_complete) {
    if (chunk.size == 0 && !source.chunks.has_failed()) {
      const Timeout patience = source.patience.next(async::Loop::current().now());
      chunk.offset = 0;
      chunk.size = co_await source.socket->fill(chunk.block, 0, patience);
      if (chunk.size == 0) {
        if (source.framing != Framing::until_close) co_await Result<void>(fail(cut_short(source)));
        source.is_complete = true;
        break;
      }
    }
    co_await decode(source, chunk);
    if (chunk.size > 0) {
      co_yield chunk;
    } else {
      chunk.block = async::Block();
    }
    chunk = Chunk();
  }
  if (BodyOwner* const ended = owner.get()) ended->body_ended(std::move(owner));
}

std::string text_for_views(std::size_t size) {
  constexpr std::size_t kOnTheHeap = 64;  // beyond what a string keeps inside itself
  std::string text;
  text.reserve(std::max(kOnTheHeap, size));
  return text;
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<std::string> collect_exactly(BodySource& source) {
  const auto length = static_cast<std::size_t>(source.remaining);
  const std::size_t here = std::min(length, source.first.size);
  std::string text = text_for_views(length);
  if (here < source.first.size) source.surplus = source.first.view().substr(here);
  // The rest is read into it before anybody looks: zeros there would be written for nothing.
  text.resize_and_overwrite(length, [&](char* bytes, std::size_t /*size*/) {
    source.first.view().copy(bytes, here);
    return length;
  });
  source.first = Chunk();
  std::size_t filled = here;
  while (filled < length) {
    const Timeout patience = source.patience.next(async::Loop::current().now());
    const std::size_t got =
        co_await source.socket->read({text.data() + filled, length - filled}, patience);
    if (got == 0) co_await Result<void>(fail(cut_short(source)));
    filled += got;
  }
  source.remaining = 0;
  source.is_complete = true;
  co_return std::move(text);
}

Task<std::string> collect(Stream<Chunk> body, std::size_t expected, std::size_t limit) {
  std::string text = text_for_views(std::min(expected, limit));
  while (Chunk* const chunk = co_await body.next()) {
    if (text.size() + chunk->size > limit) {
      co_return fail(client_error(ErrorCode::body_too_large,
                                  "The body is larger than " + std::to_string(limit) + " bytes."));
    }
    text.append(chunk->view());
  }
  co_return std::move(text);
}

}  // namespace gatehouse::http
