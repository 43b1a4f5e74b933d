#include "gateway/fetch_media.h"

#include "base/text.h"
#include "config/custom_host.h"
#include "dialects/base64.h"
#include "http/client.h"

namespace gatehouse::gateway {

using async::Task;

namespace {

constexpr std::size_t kMostBytes = 20 * 1024 * 1024;
constexpr http::Timeout kPatience{30'000};

struct Place {
  config::CustomHost host;
  std::string target;
};

std::unexpected<Failure> not_fetched(std::string_view url, std::string_view why) {
  constexpr std::size_t kShown = 200;
  return fail(client_error(ErrorCode::invalid_request,
                           "This provider takes no addresses, and " +
                               std::string(url.substr(0, kShown)) +
                               " could not be fetched for it: " + std::string(why) +
                               ". Send the content itself, as a data URL."));
}

Result<Place> place_of(std::string_view url, const Snapshot& snapshot) {
  if (has_control_byte(url) || url.find(' ') != std::string_view::npos) {
    return not_fetched("the URL", "it holds a blank or a control character");
  }
  const std::size_t authority = url.find("://");
  if (authority == std::string_view::npos) return not_fetched(url, "it is no http or https URL");
  const std::string_view without_fragment = url.substr(0, url.find('#'));
  const std::size_t path = without_fragment.find_first_of("/?", authority + 3);
  Result<config::CustomHost> host =
      config::validate_custom_host(without_fragment.substr(0, path), snapshot.trusted);
  if (!host) return not_fetched(url, host.error()->message);
  Place place{std::move(*host), "/"};
  if (path != std::string_view::npos) place.target = without_fragment.substr(path);
  if (place.target.starts_with('?')) place.target.insert(0, "/");
  return place;
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<void> fetch_one(http::Pool& pool, const Snapshot& snapshot, llm::Media& media) {
  const Place place = co_await place_of(media.value, snapshot);
  const Url& url = place.host.url;
  http::FieldLines fields;
  fields.add("accept", "*/*");
  fields.add("accept-encoding", "identity");
  fields.add("user-agent", "gatehouse");
  http::Call call;
  call.endpoint = {url.host, url.port, url.is_tls(), &snapshot.policy};
  call.method = "GET";
  call.target = place.target;
  call.fields = &fields;
  call.timeouts.first_byte = kPatience;
  call.timeouts.between = kPatience;
  Result<http::Answer> answer = co_await as_result(http::fetch(pool, call));
  if (!answer) co_await Result<void>(not_fetched(media.value, answer.error()->message));
  const int status = answer->head().status;
  if (status != 200) {
    co_await Result<void>(not_fetched(media.value, "status " + std::to_string(status)));
  }
  const std::string type(answer->head().fields.get("content-type"));
  Result<std::string> bytes =
      co_await as_result(http::collect(answer->take_body(), 64 * 1024, kMostBytes));
  if (!bytes) co_await Result<void>(not_fetched(media.value, bytes.error()->message));
  if (media.media_type.empty()) media.media_type = trimmed(type.substr(0, type.find(';')));
  media.kind = llm::Media::Kind::base64;
  media.value = dialects::encode_base64(*bytes);
}

}  // namespace

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<void> fetch_media(http::Pool& pool, const Snapshot& snapshot, Translation& translation) {
  for (llm::Media* media : dialects::media_to_fetch(translation.call, *translation.back)) {
    co_await fetch_one(pool, snapshot, *media);
  }
}

}  // namespace gatehouse::gateway
