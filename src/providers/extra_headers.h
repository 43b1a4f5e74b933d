// The fields that a provider wants beside the key.
#pragma once

#include "http/head.h"
#include "providers/options.h"
#include "providers/provider_row.h"

namespace gatehouse::providers {

/// Adds the row's extra headers, filled from the request's options. A field whose options are
/// missing is left out; so is one whose value would break the line.
void add_extra_headers(const ProviderRow& row, const Options& options, http::FieldLines& fields);

}  // namespace gatehouse::providers
