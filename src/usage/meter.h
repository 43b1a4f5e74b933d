// Meters watch an answer pass and note what it tells: model, finish reason, usage. They never hold
// it up and never hold more than a bounded part of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "usage/findings.h"

namespace gatehouse::usage {

/// Whether more of the body comes, as far as is known.
enum class Part : std::uint8_t { more, last };

class Meter {
 public:
  virtual ~Meter() = default;
  /// The next bytes of the body, cut anywhere.
  virtual void see(std::string_view bytes, Part part = Part::more) = 0;
  /// The body has ended. May be called again.
  virtual void finish() {}
  const Findings& findings() const { return findings_; }
  /// Whether there are findings since the last time that this was asked.
  bool take_news() { return std::exchange(findings_.has_news, false); }

 protected:
  Findings findings_;
};

/// For text/event-stream: each event's data is looked at by itself.
class EventMeter final : public Meter {
 public:
  void see(std::string_view bytes, Part part = Part::more) override;
  void finish() override;

 private:
  void see_line(std::string_view line);
  void end_event();
  bool is_skipping_ = false;  // in a line that is too long to look at
  std::string partial_;       // the beginning of a line whose end has not come
  std::string data_;          // of an event whose data stand on several lines
};

/// For one JSON document. Long ones are looked at by their first and last bytes, where the fields
/// that matter stand.
class DocumentMeter final : public Meter {
 public:
  void see(std::string_view bytes, Part part = Part::more) override;
  void finish() override;

 private:
  std::string front_;
  std::string back_;
};

/// By the answer's content type; nullptr for anything that is neither.
std::unique_ptr<Meter> make_meter(std::string_view content_type);

}  // namespace gatehouse::usage
