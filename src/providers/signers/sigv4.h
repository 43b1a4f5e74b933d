// AWS Signature Version 4, as the IAM user guide describes it ("Create a signed AWS API request").
//
// The canonical request is the method, the path (each segment encoded once more, as every service
// but S3 wants it), the sorted query, the signed header fields and a hash of the body. Its hash, a
// date and a scope make the text that is signed, by a key that is derived from the secret, the
// date and the scope.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace gatehouse::providers {

struct AwsKey {
  std::string_view id;
  std::string_view secret;
};

struct AwsScope {
  std::string_view region;
  std::string_view service;
};

struct SigV4Request {
  std::string_view method;
  std::string_view target;  // path and query as they go over the wire
  /// The fields to be signed, in any order: names in lower case, `host` and `x-amz-date` among
  /// them.
  std::vector<std::pair<std::string_view, std::string_view>> fields;
  std::span<const std::string_view> body;
};

/// "20150830T123600Z", the form of x-amz-date.
std::string amz_date(WallTime time);

/// SHA-256 of the canonical request in hex.
std::string sigv4_request_hash(SigV4Request request);

/// The value of the Authorization field.
std::string sigv4_authorization(const AwsKey& key, const AwsScope& scope,
                                const SigV4Request& request);

}  // namespace gatehouse::providers
