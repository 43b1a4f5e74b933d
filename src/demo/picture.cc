// PNG (RFC 2083) with one bit a pixel, a palette of two colours, and image data in one stored block
// of DEFLATE (RFC 1951), so that no compressor is needed.
#include "demo/picture.h"

#include <array>
#include <cstdint>

#include "demo/fingerprint.h"

namespace gatehouse::demo {
namespace {

constexpr std::size_t kScale = 3;
constexpr std::size_t kGlyphWidth = 5;
constexpr std::size_t kGlyphHeight = 7;
constexpr std::size_t kMargin = 2;  // in cells
constexpr std::size_t kColumns = 4 * (kGlyphWidth + 1) - 1 + 2 * kMargin;
constexpr std::size_t kRows = kGlyphHeight + 2 * kMargin;
constexpr std::size_t kWidth = kColumns * kScale;
constexpr std::size_t kHeight = kRows * kScale;

using Glyph = std::array<std::string_view, kGlyphHeight>;
constexpr std::array<Glyph, 4> kWord = {
    Glyph{"####.", "#...#", "#...#", "#...#", "#...#", "#...#", "####."},
    Glyph{"#####", "#....", "#....", "####.", "#....", "#....", "#####"},
    Glyph{"#...#", "##.##", "#.#.#", "#.#.#", "#...#", "#...#", "#...#"},
    Glyph{".###.", "#...#", "#...#", "#...#", "#...#", "#...#", ".###."}};

bool is_ink(std::size_t column, std::size_t row) {
  if (column < kMargin || row < kMargin || row >= kMargin + kGlyphHeight) return false;
  const std::size_t letter = (column - kMargin) / (kGlyphWidth + 1);
  const std::size_t within = (column - kMargin) % (kGlyphWidth + 1);
  if (letter >= kWord.size() || within >= kGlyphWidth) return false;
  return kWord[letter][row - kMargin][within] == '#';
}

void append_big_endian(std::string& out, std::uint32_t value) {
  for (unsigned shift = 32; shift > 0; shift -= 8) {
    out += static_cast<char>((value >> (shift - 8)) & 0xFFU);
  }
}

std::uint32_t crc32_of(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

std::uint32_t adler32_of(std::string_view bytes) {
  std::uint32_t low = 1;
  std::uint32_t high = 0;
  for (const char c : bytes) {
    low = (low + static_cast<unsigned char>(c)) % 65521;
    high = (high + low) % 65521;
  }
  return (high << 16U) | low;
}

void append_chunk(std::string& png, std::string_view type, std::string_view content) {
  append_big_endian(png, static_cast<std::uint32_t>(content.size()));
  const std::string body = std::string(type) + std::string(content);
  png += body;
  append_big_endian(png, crc32_of(body));
}

/// Each row: the filter type 0, then the pixels, eight a byte.
std::string pixels() {
  std::string rows;
  for (std::size_t y = 0; y < kHeight; ++y) {
    std::string row(1 + (kWidth + 7) / 8, '\0');
    for (std::size_t x = 0; x < kWidth; ++x) {
      const unsigned bit = is_ink(x / kScale, y / kScale) ? 0x80U >> (x % 8) : 0U;
      row[1 + x / 8] = static_cast<char>(static_cast<unsigned char>(row[1 + x / 8]) | bit);
    }
    rows += row;
  }
  return rows;
}

/// A zlib stream (RFC 1950) of one stored block.
std::string stored(std::string_view bytes) {
  const auto size = static_cast<std::uint16_t>(bytes.size());
  const auto inverse = static_cast<std::uint16_t>(~size);
  std::string out = "\x78\x01\x01";
  for (const std::uint16_t number : {size, inverse}) {
    out += static_cast<char>(number & 0xFFU);
    out += static_cast<char>(number >> 8U);
  }
  out += bytes;
  append_big_endian(out, adler32_of(bytes));
  return out;
}

}  // namespace

std::string picture_for(std::string_view prompt) {
  std::string png = "\x89PNG\r\n\x1a\n";
  std::string header;
  append_big_endian(header, kWidth);
  append_big_endian(header, kHeight);
  header +=
      std::string("\x01\x03\0\0\0", 5);  // one bit, palette, the usual methods, not interlaced
  append_chunk(png, "IHDR", header);
  std::string palette;
  for (unsigned shift = 0; shift < 24; shift += 8) {
    palette += static_cast<char>((hash_of(prompt) >> shift) & 0x7FU);  // dark: the ink is white
  }
  append_chunk(png, "PLTE", palette + "\xFF\xFF\xFF");
  append_chunk(png, "IDAT", stored(pixels()));
  append_chunk(png, "IEND", {});
  return png;
}

}  // namespace gatehouse::demo
