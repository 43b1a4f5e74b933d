// What a request's own header fields say about the cache (wire spec 2.6, 3.6).
#pragma once

#include <string_view>

#include "base/result.h"
#include "exchange/cache_settings.h"

namespace gatehouse::cache {

/// The values of `x-portkey-cache`, `x-portkey-cache-namespace`, `x-portkey-cache-force-refresh`;
/// empty if absent.
struct HeaderWishes {
  std::string_view cache;
  std::string_view name_space;
  std::string_view force_refresh;

  bool are_absent() const { return cache.empty() && name_space.empty() && force_refresh.empty(); }
};

/// `{"enabled":true,"ttl":60,"namespace":"a"}`, `{"mode":"semantic","max_age":60}`, `simple`,
/// `semantic`, `true`, `false`. Only the value `true` of force_refresh refreshes. Error:
/// invalid_config, saying what may stand there.
Result<exchange::CacheSettings> read_header(const HeaderWishes& wishes);

/// The settings of a config, for a request that also has these fields of its own: what the config
/// says about mode and age wins; a namespace in the header takes the place of the config's.
exchange::CacheSettings combined(const exchange::CacheSettings& config,
                                 const exchange::CacheSettings& header);

}  // namespace gatehouse::cache
