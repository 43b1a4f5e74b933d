#include "http/content_coding.h"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <memory>
#include <span>

#include "base/text.h"

namespace gatehouse::http {

using async::Chunk;
using async::Stream;

namespace {

/// One step of decoding: how much was taken, how much was made.
struct Step {
  std::size_t taken = 0;
  std::size_t made = 0;
  bool is_end = false;
  bool is_bad = false;
};

class Decoder {
 public:
  virtual ~Decoder() = default;
  virtual Step step(std::string_view in, std::span<char> out) = 0;
};

class Inflater final : public Decoder {
 public:
  // 15 + 32: zlib and gzip are told apart by their heads.
  Inflater() { is_ready_ = inflateInit2(&stream_, 15 + 32) == Z_OK; }
  ~Inflater() override { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  Step step(std::string_view in, std::span<char> out) override {
    if (!is_ready_) return {0, 0, false, true};
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    const int status = inflate(&stream_, Z_NO_FLUSH);
    const bool is_bad = status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR;
    return {in.size() - stream_.avail_in, out.size() - stream_.avail_out, status == Z_STREAM_END,
            is_bad};
  }

 private:
  z_stream stream_{};
  bool is_ready_ = false;
};

class BrotliReader final : public Decoder {
 public:
  Step step(std::string_view in, std::span<char> out) override {
    std::size_t left_in = in.size();
    const auto* next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    std::size_t left_out = out.size();
    auto* next_out = reinterpret_cast<std::uint8_t*>(out.data());
    const BrotliDecoderResult status = BrotliDecoderDecompressStream(
        state_.get(), &left_in, &next_in, &left_out, &next_out, nullptr);
    return {in.size() - left_in, out.size() - left_out, status == BROTLI_DECODER_RESULT_SUCCESS,
            status == BROTLI_DECODER_RESULT_ERROR};
  }

 private:
  struct Free {
    void operator()(BrotliDecoderState* state) const { BrotliDecoderDestroyInstance(state); }
  };
  std::unique_ptr<BrotliDecoderState, Free> state_{
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)};
};

class ZstdReader final : public Decoder {
 public:
  Step step(std::string_view in, std::span<char> out) override {
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    const std::size_t status = ZSTD_decompressStream(stream_.get(), &output, &input);
    return {input.pos, output.pos, status == 0, ZSTD_isError(status) != 0};
  }

 private:
  struct Free {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
  };
  std::unique_ptr<ZSTD_DStream, Free> stream_{ZSTD_createDStream()};
};

std::unique_ptr<Decoder> make_decoder(ContentCoding coding) {
  switch (coding) {
    case ContentCoding::brotli: return std::make_unique<BrotliReader>();
    case ContentCoding::zstd: return std::make_unique<ZstdReader>();
    default: return std::make_unique<Inflater>();
  }
}

Error malformed(const char* why) {
  return upstream_error(ErrorCode::upstream_malformed,
                        std::string("The upstream's compressed answer ") + why + ".");
}

}  // namespace

std::optional<ContentCoding> content_coding_of(std::string_view field) {
  if (field.empty() || equals_ignoring_case(field, "identity")) return ContentCoding::identity;
  if (equals_ignoring_case(field, "gzip") || equals_ignoring_case(field, "x-gzip")) {
    return ContentCoding::gzip;
  }
  if (equals_ignoring_case(field, "deflate")) return ContentCoding::deflate;
  if (equals_ignoring_case(field, "br")) return ContentCoding::brotli;
  if (equals_ignoring_case(field, "zstd")) return ContentCoding::zstd;
  return std::nullopt;
}

// NOLINTNEXTLINE(readability-function-size): a coroutine's body counts as a level of its own
Stream<Chunk> decode_content(Stream<Chunk> in, ContentCoding coding) {
  const std::unique_ptr<Decoder> decoder = make_decoder(coding);
  bool has_ended = false;
  while (Chunk* const chunk = co_await in.next()) {
    std::string_view rest = chunk->view();
    bool is_full = true;  // the last step filled its block, so there may be more to make
    while (!has_ended && (!rest.empty() || is_full)) {
      Chunk decoded;
      decoded.block = async::Block::take();
      const Step step = decoder->step(rest, {decoded.block.bytes(), async::kBlockSize});
      if (step.is_bad) co_await Result<void>(fail(malformed("is corrupt")));
      rest.remove_prefix(step.taken);
      has_ended = step.is_end;
      is_full = step.made == async::kBlockSize;
      decoded.size = step.made;
      if (step.made > 0) {
        co_yield decoded;
      } else if (step.taken == 0) {
        break;
      }
    }
  }
  if (!has_ended) co_await Result<void>(fail(malformed("is cut off")));
}

}  // namespace gatehouse::http
