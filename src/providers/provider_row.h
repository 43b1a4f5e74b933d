// What the gateway knows about a provider: one row of data, no code. The defaults describe a host
// that speaks the OpenAI protocol at the OpenAI paths and takes a bearer key, so such a provider is
// one line.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "llm/capability.h"
#include "llm/dialect_id.h"
#include "llm/quirks.h"
#include "llm/short_list.h"
#include "providers/base_url.h"

namespace gatehouse::providers {

using llm::Capabilities;
using llm::Capability;
using llm::DialectId;
using llm::Quirks;
using llm::ShortList;

/// The dialect of a provider that nobody translates for: requests can only be passed through.
inline constexpr std::optional<DialectId> kProxyOnly = std::nullopt;

/// How a request proves who pays for it. Each is a class in signers/.
enum class SignerId : std::uint8_t {
  none,
  bearer,          // Authorization: Bearer KEY
  api_key_header,  // the row's `auth` says which field, and what stands around the key
  aws_sigv4,       // the row's `auth` is the name of the service
  gcp_oauth,
  azure_ad,  // the row's `auth` says where a plain key goes
  oci_signature,
};

enum class KeyNeed : std::uint8_t {
  required,
  optional,  // a local server, or one that answers some calls without a key
};

/// Where the provider runs.
enum class Reach : std::uint8_t {
  network,
  in_process,  // the demo: no connection is made
};

/// A field that every request to the provider carries. The value may hold {placeholders}; the field
/// is left out when one of them has no value.
struct ExtraHeader {
  std::string_view name;
  std::string_view value;
};

/// Where endpoints are, if not at the OpenAI paths. Rules are tried in order, and the first one
/// that covers the capability and whose placeholders all have a value is taken; without one it is
/// "{path}".
/// `{path}` is the path that OpenAI has, such as /chat/completions or /files/file-1/content.
struct PathRule {
  Capabilities covers;
  std::string_view path;
  std::string_view query{};
};

/// Models that a provider hosts for another maker, and how it speaks to them: in the maker's own
/// protocol, below a path of their own. What is empty is as the row has it.
struct ModelFamily {
  Capabilities covers = Capabilities::all();  // endpoints that reach them so
  std::string_view model_holds{};             // in the model's name
  std::string_view base_holds{};              // in the base URL, for one that an operator names
  std::string_view cut{};                     // in front of the name: taken away if it is there,
  std::string_view put{};                     // and this put there
  DialectId dialect = DialectId::openai_chat;
  llm::Host host = llm::Host::own;
  std::string_view path{};         // in the place of the row's rules
  std::string_view stream_path{};  // for streams, if it is another
  std::string_view auth{};
};

/// Another address for one value of an option: Google has one for the region `global`.
struct BaseVariant {
  std::string_view option;
  std::string_view value;
  BaseUrl base;
};

struct ProviderRow {
  std::string_view id;
  std::string_view name;
  ShortList<std::string_view, 6> aliases{};
  BaseUrl base{};
  /// Name of the request option (see options.h) with which a client may name the whole base URL or
  /// a host, and what stands behind it. A host that a client chose must pass the rules for custom
  /// hosts.
  std::string_view base_option{};
  std::string_view base_option_path{};
  ShortList<BaseVariant, 1> base_variants{};
  std::optional<DialectId> dialect = DialectId::openai_chat;
  llm::Host host = llm::Host::own;
  ShortList<ModelFamily, 6> families{};  // the first that fits
  SignerId signer = SignerId::bearer;
  std::string_view auth{};  // as the signer reads it: "x-api-key: {key}"
  KeyNeed key = KeyNeed::required;
  ShortList<std::string_view, 4> env{};  // variables that may hold the key, in order
  Capabilities can = {Capability::chat, Capability::models};
  ShortList<ExtraHeader, 4> headers{};
  ShortList<PathRule, 3> paths{};
  /// A passed-through path may begin with a host that ends so:
  /// /v1/proxy/me.openai.azure.com/openai/...
  std::string_view proxy_host_suffix{};
  /// Name of the request option that replaces the body's `model`.
  std::string_view model_option{};
  Reach reach = Reach::network;
  Quirks quirks{};
};

}  // namespace gatehouse::providers
