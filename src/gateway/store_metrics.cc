#include "gateway/store_metrics.h"

#include <string_view>

namespace gatehouse::gateway {
namespace {

std::string counter(std::string_view name, std::uint64_t count) {
  std::string text = "# TYPE ";
  text.append(name).append(" counter\n").append(name).append(" ");
  text.append(std::to_string(count)).append("\n");
  return text;
}

}  // namespace

std::string render_stores(const Shared& shared) {
  std::string text;
  if (shared.log_writer != nullptr) {
    const logs::Losses losses = shared.log_writer->losses();
    text += counter("gatehouse_records_written_total", shared.log_writer->written());
    text += counter("gatehouse_records_lost_total", losses.records);
    text += counter("gatehouse_record_bodies_lost_total", losses.bodies);
  }
  if (shared.cache != nullptr) {
    text += counter("gatehouse_cache_writes_lost_total", shared.cache->lost());
  }
  if (shared.responses != nullptr) {
    text += counter("gatehouse_responses_lost_total", shared.responses->lost());
  }
  return text;
}

}  // namespace gatehouse::gateway
