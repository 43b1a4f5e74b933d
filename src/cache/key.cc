#include "cache/key.h"

#include <openssl/evp.h>

namespace gatehouse::cache {
namespace {

void append_part(std::string& text, std::string_view part) {
  const std::uint64_t size = part.size();
  char length[sizeof size];
  std::memcpy(length, &size, sizeof size);
  text.append(length, sizeof length);
  text.append(part);
}

Key digest_of(std::string_view text) {
  // Looked up once: finding the algorithm costs more than hashing a short text.
  static EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  Key key;
  EVP_Digest(text.data(), text.size(), key.bytes.data(), nullptr, kSha256, nullptr);
  return key;
}

}  // namespace

std::string Key::hex() const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : bytes) {
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 0xFU];
  }
  return out;
}

KeyParts& KeyParts::add(std::string_view part) {
  append_part(text_, part);
  return *this;
}

Key KeyParts::with(std::string_view last) const {
  std::string text;
  text.reserve(text_.size() + last.size() + sizeof(std::uint64_t));
  text = text_;
  append_part(text, last);
  return digest_of(text);
}

}  // namespace gatehouse::cache
