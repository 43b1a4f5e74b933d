// The blobs of records in gatehouse.db, as a disk or another hand may have spoilt them: what is
// read can be packed again, and then it is read as the same.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "logs/log_filter.h"
#include "logs/packed_records.h"

namespace {

using namespace gatehouse;

struct Read {
  logs::LogRecord record;
  logs::BodyPlace body;
};

std::vector<Read> read_all(std::string_view blob) {
  std::vector<Read> all;
  logs::RecordReader reader;
  for (reader.open(blob); reader.next();) all.push_back({reader.whole_record(), reader.body()});
  return all;
}

std::string pack(const std::vector<Read>& all) {
  logs::RecordPacker packer;
  packer.begin();
  for (const Read& one : all) packer.add(one.record, one.body);
  return std::string(packer.blob());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::vector<Read> all = read_all({reinterpret_cast<const char*>(bytes), size});
  const std::string packed = pack(all);
  const std::vector<Read> again = read_all(packed);
  if (again.size() != all.size() || pack(again) != packed) std::abort();
  logs::LogFilter filter;
  filter.trace_id = "trace";
  filter.metadata = {{"a", "b"}};
  for (const Read& one : all) (void)logs::matches(filter, one.record);
  return 0;
}
