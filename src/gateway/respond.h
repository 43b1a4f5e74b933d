// The answer's way to the client: a stream through a few filters, in an order that has reasons.
#pragma once

#include <memory>

#include "attempt/attempt.h"
#include "gateway/observer.h"
#include "gateway/settlement.h"
#include "http/server.h"
#include "usage/meter.h"

namespace gatehouse::gateway {

using attempt::AnswerPlan;
using attempt::Reading;
using attempt::UsageWish;

/// The response for an answer; the settlement travels in its body.
http::Response respond(attempt::AnswerPtr answer, Settlement settlement);

/// Which leaf of the plan it was in the end, and after how many retries.
void add_routing_fields(const exchange::Exchange& exchange, http::FieldLines& fields);

/// The filters. Each takes a stream and gives one.

/// Takes out of a stream the usage that the client did not ask for. The meter is shown the stream
/// before that, since it counts what the provider bills.
http::Stream<http::Chunk> without_usage(http::Stream<http::Chunk> in, Metering metering);

/// Keeps what the client gets for the record, says how a stream broke, and settles. Last. Where
/// nothing changes the bytes on their way, the meter is here and spares a filter of its own.
http::Stream<http::Chunk> delivered(http::Stream<http::Chunk> in, BodyShape shape,
                                    std::unique_ptr<usage::Meter> meter, Settlement settlement);

}  // namespace gatehouse::gateway
