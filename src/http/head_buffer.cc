#include "http/head_buffer.h"

#include <cstring>
#include <utility>

#include "http/head.h"

namespace gatehouse::http {

void HeadBuffer::start_with(async::Chunk bytes) {
  if (bytes.size == 0) return;
  block_ = std::move(bytes.block);
  begin_ = bytes.offset;
  filled_ = begin_ + bytes.size;
  look();
}

void HeadBuffer::start_with(std::string_view bytes) {
  if (bytes.empty()) return;
  block_ = async::Block::take();
  std::memcpy(block_.bytes(), bytes.data(), bytes.size());
  filled_ = bytes.size();
  look();
}

void HeadBuffer::grow(std::size_t bytes) {
  filled_ += bytes;
  look();
}

void HeadBuffer::look() {
  head_size_ = find_end_of_head({block_.bytes() + begin_, filled_ - begin_}, scanned_);
}

async::Chunk HeadBuffer::take_rest() {
  async::Chunk rest;
  const std::size_t end = begin_ + head_size_;
  if (filled_ > end) {
    rest.offset = end;
    rest.size = filled_ - end;
    rest.block = std::move(block_);
  }
  block_ = async::Block();
  begin_ = filled_ = scanned_ = head_size_ = 0;
  return rest;
}

}  // namespace gatehouse::http
