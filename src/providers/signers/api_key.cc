#include "providers/signers/api_key.h"

#include <string>
#include <string_view>

#include "base/text.h"

namespace gatehouse::providers {
namespace {

constexpr std::string_view kKeyPlace = "{key}";

}  // namespace

Result<void> NoSigner::sign(const SignInput&, const Grant*, http::FieldLines&) const { return {}; }

Result<void> BearerSigner::sign(const SignInput& input, const Grant*,
                                http::FieldLines& fields) const {
  const Result<std::string_view> text = usable_key(input.row, input.key);
  if (!text) return fail(text.error());
  if (!text->empty()) fields.add("authorization", "Bearer ", *text);
  return {};
}

Result<void> ApiKeyHeaderSigner::sign(const SignInput& input, const Grant*,
                                      http::FieldLines& fields) const {
  const Result<std::string_view> text = usable_key(input.row, input.key);
  if (!text) return fail(text.error());
  if (text->empty()) return {};
  const std::string_view auth = input.auth();
  const std::size_t colon = auth.find(':');
  std::string value(trimmed(auth.substr(colon + 1)));
  value.replace(value.find(kKeyPlace), kKeyPlace.size(), *text);
  fields.add(auth.substr(0, colon), value);
  return {};
}

}  // namespace gatehouse::providers
