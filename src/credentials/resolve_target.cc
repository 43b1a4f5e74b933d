#include "credentials/resolve_target.h"

#include <utility>

#include "credentials/choose_key.h"
#include "credentials/choose_provider.h"

namespace gatehouse::credentials {
namespace {

void choose_host(const RequestHints& hints, ResolvedTarget& target) {
  if (!hints.custom_host.empty()) {
    target.custom_host = std::string(hints.custom_host);
    target.host_source = HostSource::client;
  } else if (target.stored != nullptr && !target.stored->base_url.empty()) {
    target.custom_host = target.stored->base_url;
    target.host_source = HostSource::stored;
  }
}

}  // namespace

Result<void> resolve_target(const RequestHints& hints, const Known& known, ResolvedTarget& target) {
  Result<ProviderChoice> choice = choose_provider(hints, known.store, known.providers);
  if (!choice) return fail(std::move(choice.error()));
  if (choice->stored != nullptr && leads_to_stranger(hints)) {
    return fail(client_error(ErrorCode::custom_host_blocked,
                             "Invalid custom host: the virtual key '@" + choice->stored->slug +
                                 "' is only sent to custom hosts in TRUSTED_CUSTOM_HOSTS.",
                             "custom_host"));
  }
  Result<ChosenKey> key = choose_key(*choice, {hints, known.store, known.environment});
  if (!key) return fail(std::move(key.error()));
  target.provider = choice->provider.id;
  target.model = choice->model;
  target.key = Secret(std::string(key->text));
  target.fields = std::move(key->fields);
  target.key_source = key->source;
  target.stored = std::move(choice->stored);
  choose_host(hints, target);
  return {};
}

}  // namespace gatehouse::credentials
