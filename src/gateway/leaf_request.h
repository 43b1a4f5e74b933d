// A request as one leaf of its plan changes it: who is called, and with which parameters.
#pragma once

#include <optional>
#include <string>

#include "gateway/plan_caller.h"

namespace gatehouse::gateway {

/// Views into the planned request, the leaf and itself: neither copied nor moved.
class LeafRequest {
 public:
  LeafRequest(const PlannedRequest& on, const exchange::PlanNode& leaf);
  LeafRequest(const LeafRequest&) = delete;
  LeafRequest& operator=(const LeafRequest&) = delete;

  /// Gives the body the leaf's parameters, and the text to go on from, if any. Error:
  /// invalid_request.
  Result<void> change_body(const std::optional<routing::Continuation>& continuation);
  /// What the steps of a call look at.
  ResolveInput input() const;

 private:
  void take_who();
  void take_how();
  /// The model as the leaf forces it; empty if it does not.
  std::string forced_model() const;

  const PlannedRequest& on_;
  const exchange::PlanNode& leaf_;
  GatewayFields fields_;
  auth::Identity identity_;
  std::optional<Asked> asked_;  // if the leaf changes it
  std::string timeout_;
  std::string forwards_;
};

}  // namespace gatehouse::gateway
