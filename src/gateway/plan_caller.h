// What the leaves of a plan are to the gateway: the request as each of them changes it, and its
// call.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "gateway/call_target.h"
#include "routing/run_plan.h"

namespace gatehouse::gateway {

/// A request that is served by a plan. Shared with the answer's body, which may call more leaves
/// later: so it owns what was asked. The worker outlives it; request and exchange outlive every
/// call.
struct PlannedRequest {
  Worker& worker;
  std::shared_ptr<const Snapshot> snapshot;
  http::Request& request;
  exchange::Exchange& exchange;
  std::shared_ptr<const exchange::Plan> plan;
  GatewayFields fields;
  auth::Identity identity;
  Asked asked;
};

class PlanCaller final : public routing::Caller {
 public:
  explicit PlanCaller(PlannedRequest request) : on_(std::move(request)) {}

  Result<std::string> upstream_of(const exchange::PlanNode& leaf) override;
  async::Task<attempt::AnswerPtr> call(const exchange::PlanNode& leaf,
                                       routing::CallTerms terms) override;
  routing::Judgement judge(const Error& error) const override;
  bool takes_prefill(const exchange::PlanNode& leaf) const override;
  std::optional<exchange::Scalar> field(std::string_view name) const override;
  routing::EventShape shape() const override;
  bool is_streaming() const override { return on_.asked.is_streaming; }
  bool can_repeat() const override { return !on_.asked.is_upload; }

  const Asked& asked() const { return on_.asked; }
  /// How the answer of the last call that began to answer is to be passed on.
  AnswerPlan answer_plan() const { return answer_plan_; }

 private:
  PlannedRequest on_;
  AnswerPlan answer_plan_;
  std::map<const exchange::PlanNode*, std::string> upstreams_;
};

}  // namespace gatehouse::gateway
