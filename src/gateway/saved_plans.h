// The plan of a request: the config that it names or holds, or the default one of its key.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/settings.h"
#include "exchange/plan.h"
#include "exchange/principal.h"
#include "gateway/gateway_fields.h"

namespace gatehouse::gateway {

/// The configs of gatehouse.yaml as plans, made once a snapshot and shared by its requests.
class SavedPlans {
 public:
  explicit SavedPlans(const config::Settings& settings);

  std::shared_ptr<const exchange::Plan> find(std::string_view slug) const;
  /// The plan for requests of this key that name none; nullptr if it has none.
  std::shared_ptr<const exchange::Plan> default_of(const exchange::Principal& principal) const;
  std::string near_slugs(std::string_view slug) const;

 private:
  std::map<std::string, std::shared_ptr<const exchange::Plan>, std::less<>> plans_;
  std::map<std::string, std::string, std::less<>> defaults_;  // key id -> slug
};

/// Whether what a request says for its config is a slug, known or not, and no config of its own.
bool names_saved_plan(const SavedPlans& saved, std::string_view config);

/// nullptr for a plain request, which asks for one target and for nothing else. Error:
/// invalid_config.
Result<std::shared_ptr<const exchange::Plan>> plan_of(const SavedPlans& saved,
                                                      const GatewayFields& fields,
                                                      const exchange::Principal& principal);

}  // namespace gatehouse::gateway
