// Texts with placeholders, as they stand in provider rows.
//
//   {azure-resource-name}     the request option of that name; the text fails without it
//   {aws-region=us-east-1}    the option, or what stands behind the equals sign
//   {azure-api-version!v1}    the option, unless it has the value behind the exclamation mark
//   {path} {model}            the endpoint's path, the model: given by the caller
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "providers/options.h"

namespace gatehouse::providers {

/// Where a text goes decides what a value may hold. A client's value must stay within its place: it
/// can neither name another host nor leave its path segment, nor begin another field.
enum class Place : std::uint8_t {
  host,    // letters, digits, '-', '_', and '.' between labels; anything else fails
  path,    // percent-encoded, '/' too; "." and ".." fail
  query,   // percent-encoded
  header,  // control characters fail
};

/// What the caller gives beside the options.
struct TemplateValues {
  const Options& options;
  std::string_view path;   // goes in as it is
  std::string_view model;  // encoded as its place demands
};

/// Why a text could not be filled.
struct TemplateGap {
  std::string_view option;  // the option that is missing or has a wrong value
  std::string_view value;   // the wrong value; empty if it is missing
};

/// Appends the filled text to `out`. On a gap `out` is as it was before, and `gap` tells which.
bool fill_template(std::string_view text, Place place, const TemplateValues& values,
                   std::string& out, TemplateGap& gap);

/// Labels of letters, digits, '-' and '_' with single dots between them.
bool is_host_value(std::string_view text);

}  // namespace gatehouse::providers
