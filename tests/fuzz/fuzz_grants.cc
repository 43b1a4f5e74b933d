// What token endpoints answer, and the credentials that clients hand in for them.
#include <cstdint>

#include "providers/provider_rows.h"
#include "providers/signers/google.h"
#include "providers/signers/signer.h"

namespace {

using namespace gatehouse;

class OneOption final : public providers::Options {
 public:
  OneOption(std::string_view name, std::string_view value) : name_(name), value_(value) {}
  std::string_view find(std::string_view name) const override {
    return name == name_ ? value_ : std::string_view();
  }

 private:
  std::string_view name_;
  std::string_view value_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  for (const std::string_view provider : {"bedrock", "vertex-ai", "azure-openai"}) {
    const providers::ProviderRow& row = *providers::find_builtin(provider);
    const providers::Signer& signer = **providers::signer_of(row);
    (void)signer.read_grant(text, WallTime{});
    const Secret key{std::string(text)};
    const OneOption options(providers::kServiceAccount, text);
    const providers::UpstreamUrl url;
    const providers::SignInput input{row, key, options, "POST", url, {}};
    (void)signer.grant_id(input);
    (void)signer.grant_call(input);
    http::FieldLines fields;
    (void)signer.sign(input, nullptr, fields);
  }
  return 0;
}
