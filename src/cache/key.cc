#include "cache/key.h"

#include <openssl/evp.h>

#include <memory>

namespace gatehouse::cache {
namespace {

void append_length(std::string& text, std::string_view part) {
  const std::uint64_t size = part.size();
  char length[sizeof size];
  std::memcpy(length, &size, sizeof size);
  text.append(length, sizeof length);
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

Key digest_of(std::string_view head, std::string_view last) {
  // Looked up once, and one context a thread: either costs more than hashing a short text.
  static EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  Key key;
  EVP_DigestInit_ex2(context.get(), kSha256, nullptr);
  EVP_DigestUpdate(context.get(), head.data(), head.size());
  EVP_DigestUpdate(context.get(), last.data(), last.size());
  EVP_DigestFinal_ex(context.get(), key.bytes.data(), nullptr);
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
  append_length(text_, part);
  text_.append(part);
  return *this;
}

Key KeyParts::with(std::string_view last) const {
  std::string head = text_;
  append_length(head, last);
  return digest_of(head, last);
}

}  // namespace gatehouse::cache
