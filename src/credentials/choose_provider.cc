#include "credentials/choose_provider.h"

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"

namespace gatehouse::credentials {
namespace {

constexpr std::string_view kPrefix = "portkey/";

struct Split {
  std::string_view head;
  std::string_view rest;
};

// "openai/gpt-4o" -> "openai", "gpt-4o", at the first slash. Nothing if one of the two is empty.
std::optional<Split> split_model(std::string_view model) {
  const std::size_t slash = model.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == model.size()) {
    return std::nullopt;
  }
  return Split{model.substr(0, slash), model.substr(slash + 1)};
}

// "@slug/gpt-4o" -> "slug", "gpt-4o".
std::optional<Split> split_slug(std::string_view model) {
  if (!model.starts_with('@')) return std::nullopt;
  return split_model(model.substr(1));
}

std::string_view without_prefix(std::string_view model) {
  return model.starts_with(kPrefix) ? model.substr(kPrefix.size()) : model;
}

std::string_view without_at(std::string_view slug) {
  return slug.starts_with('@') ? slug.substr(1) : slug;
}

// Names come from clients and may be as long as a body: too long to be shown, or compared.
constexpr std::size_t kLongestName = 128;

std::string shown(std::string_view name) {
  if (name.size() <= kLongestName) return std::string(name);
  return std::string(name.substr(0, kLongestName)) + "...";
}

template <class Names>
std::string did_you_mean(const Names& names, std::string_view before) {
  std::string out;
  for (const auto& name : names) {
    out += out.empty() ? " Did you mean " : ", ";
    out.append("'").append(before).append(name).append("'");
  }
  return out.empty() ? out : out + "?";
}

class Chooser {
 public:
  Chooser(const RequestHints& hints, const CredentialStore& store, const ProviderNames& providers)
      : hints_(hints), store_(store), providers_(providers) {}

  Result<ProviderChoice> choose() const {
    const std::string_view header = trimmed(hints_.provider_header);
    if (header.starts_with('@')) {
      return with_slug(without_at(header), model_beside_slug(), "x-portkey-provider");
    }
    if (const std::string_view slug = trimmed(hints_.virtual_key_header); !slug.empty()) {
      return with_slug(without_at(slug), model_beside_slug(), "x-portkey-virtual-key");
    }
    const std::optional<Split> slug = split_slug(without_prefix(hints_.model));
    // "@cf/meta/llama" is a model of workers-ai, not a slug, unless somebody has made a slug "cf".
    if (slug && (header.empty() || store_.find(slug->head) != nullptr)) {
      return with_slug(slug->head, slug->rest, "model");
    }
    if (!header.empty()) {
      Result<ProviderChoice> choice = with_provider(header, "x-portkey-provider");
      if (choice) choice->model = model_beside_provider(choice->provider.id);
      return choice;
    }
    return from_model();
  }

 private:
  Result<ProviderChoice> with_slug(std::string_view slug, std::string_view model,
                                   const char* param) const {
    std::shared_ptr<const StoredCredential> stored = store_.find(slug);
    if (stored == nullptr) {
      return fail(client_error(ErrorCode::invalid_provider,
                               "Unknown virtual key '@" + shown(slug) + "'." +
                                   did_you_mean(store_.near_slugs(slug), "@"),
                               param));
    }
    const std::optional<KnownProvider> provider = providers_.find(stored->provider);
    if (!provider) {
      return fail(gateway_error(ErrorCode::invalid_config,
                                "The virtual key '@" + stored->slug + "' is for the provider '" +
                                    stored->provider + "', which does not exist." +
                                    did_you_mean(near_providers(stored->provider), "")));
    }
    return ProviderChoice{*provider, std::move(stored), model};
  }

  Result<ProviderChoice> with_provider(std::string_view name, const char* param) const {
    const std::optional<KnownProvider> provider = providers_.find(name);
    if (provider) return ProviderChoice{*provider, nullptr, hints_.model};
    return fail(client_error(ErrorCode::invalid_provider,
                             "Invalid provider passed: '" + shown(name) + "' is not known." +
                                 did_you_mean(near_providers(name), ""),
                             param));
  }

  std::vector<std::string_view> near_providers(std::string_view name) const {
    if (name.size() > kLongestName) return {};
    return providers_.near_names(name);
  }

  // The header has named a slug already, so a slug in front of the model only gets in the way.
  std::string_view model_beside_slug() const {
    const std::optional<Split> slug = split_slug(without_prefix(hints_.model));
    return slug && store_.find(slug->head) != nullptr ? slug->rest : hints_.model;
  }

  // "portkey/openai/gpt-4o" beside the header "openai". Without "portkey/" the model is the
  // provider's own business: openrouter has models called "openai/gpt-4o".
  std::string_view model_beside_provider(std::string_view id) const {
    if (!hints_.model.starts_with(kPrefix)) return hints_.model;
    const std::optional<Split> split = split_model(without_prefix(hints_.model));
    if (!split) return hints_.model;
    const std::optional<KnownProvider> named = providers_.find(split->head);
    return named && named->id == id ? split->rest : hints_.model;
  }

  Result<ProviderChoice> from_model() const {
    const bool is_prefixed = hints_.model.starts_with(kPrefix);
    const std::optional<Split> split = split_model(without_prefix(hints_.model));
    if (split && (is_prefixed || providers_.find(split->head))) {
      Result<ProviderChoice> choice = with_provider(split->head, "model");
      if (choice) choice->model = split->rest;
      return choice;
    }
    // "opnai/gpt-4o" is a slip; "org/model" may be a model's whole name.
    if (split && !near_providers(split->head).empty()) return with_provider(split->head, "model");
    return fail(client_error(
        ErrorCode::missing_provider,
        "Either x-portkey-config or x-portkey-provider header is required, or a model that names "
        "its provider: 'openai/gpt-4o', 'portkey/openai/gpt-4o', '@slug/gpt-4o'."));
  }

  const RequestHints& hints_;
  const CredentialStore& store_;
  const ProviderNames& providers_;
};

}  // namespace

Result<ProviderChoice> choose_provider(const RequestHints& hints, const CredentialStore& store,
                                       const ProviderNames& providers) {
  return Chooser(hints, store, providers).choose();
}

}  // namespace gatehouse::credentials
