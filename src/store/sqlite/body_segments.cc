#include "store/sqlite/body_segments.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "store/sqlite/database.h"

namespace gatehouse::store {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestSegment = 1ULL << 31U;  // so that an offset has 32 bits
constexpr unsigned kOffsetBits = 32;
constexpr std::int64_t kOffsetMask = (std::int64_t{1} << kOffsetBits) - 1;
constexpr int kNumberWidth = 6;

fs::path segment_path(const fs::path& folder, std::int64_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < kNumberWidth) digits.insert(0, kNumberWidth - digits.size(), '0');
  return folder / (digits + ".seg");
}

/// The numbers of all segments, the oldest first.
std::vector<std::int64_t> segment_numbers(const fs::path& folder) {
  std::vector<std::int64_t> numbers;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() != ".seg") continue;
    const std::string stem = entry->path().stem().string();
    if (const auto number = parse_number<std::int64_t>(stem)) numbers.push_back(*number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

std::unexpected<Failure> failed(std::string_view what, const fs::path& path) {
  const int code = errno;
  std::string message = "Cannot " + std::string(what) + " " + path.string() + ": ";
  message += std::system_category().message(code);
  message += ". ";
  message += advice_for_errno(code);
  return fail(store_error(std::move(message)));
}

/// A descriptor with the exclusive lock of its file, or -1.
int open_locked(const fs::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (descriptor < 0) return -1;
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
  ::close(descriptor);
  return -1;
}

/// Drops the first `done` bytes of `pieces`.
std::span<iovec> advanced(std::span<iovec> pieces, std::size_t done) {
  while (!pieces.empty() && done >= pieces.front().iov_len) {
    done -= pieces.front().iov_len;
    pieces = pieces.subspan(1);
  }
  if (!pieces.empty()) {
    pieces.front().iov_base = static_cast<char*>(pieces.front().iov_base) + done;
    pieces.front().iov_len -= done;
  }
  return pieces;
}

iovec piece_of(std::string_view bytes) {
  return {const_cast<char*>(bytes.data()), bytes.size()};  // writev does not write to it
}

/// Exactly `size` bytes at `offset`, or nothing.
bool read_exactly(int descriptor, void* into, std::size_t size, std::int64_t offset) {
  auto* at = static_cast<char*>(into);
  while (size > 0) {
    const ssize_t got = ::pread(descriptor, at, size, offset);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    offset += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

void mark_gone(logs::LogRecord& record) {
  for (logs::LoggedBody* body : {&record.request, &record.response}) {
    body->text.clear();
    if (body->state != logs::BodyState::not_captured) body->state = logs::BodyState::gone;
  }
}

/// The id tells this entry from one of a folder that was emptied and filled again.
bool read_entry(int descriptor, std::int64_t offset, logs::LogRecord& record) {
  logs::BodiesHead head;
  if (!read_exactly(descriptor, &head, sizeof head, offset)) return false;
  if (head.id != logs::bodies_head_of(record).id) return false;
  struct stat status{};
  if (::fstat(descriptor, &status) != 0) return false;
  const std::int64_t bodies = offset + static_cast<std::int64_t>(sizeof head);
  const std::size_t size = std::size_t{head.request.bytes()} + head.response.bytes();
  if (bodies + static_cast<std::int64_t>(size) > status.st_size) return false;
  std::string kept(size, '\0');
  if (!read_exactly(descriptor, kept.data(), size, bodies)) return false;
  const std::string_view both(kept);
  record.request.text = logs::text_of(head.request, both.substr(0, head.request.bytes()));
  record.response.text = logs::text_of(head.response, both.substr(head.request.bytes()));
  return true;
}

}  // namespace

BodySegments::BodySegments(fs::path folder, std::uint64_t segment_bytes)
    : folder_(std::move(folder)), segment_bytes_(std::min(segment_bytes, kLargestSegment)) {}

BodySegments::BodySegments(BodySegments&& other) noexcept { *this = std::move(other); }

BodySegments& BodySegments::operator=(BodySegments&& other) noexcept {
  std::swap(folder_, other.folder_);
  std::swap(segment_bytes_, other.segment_bytes_);
  std::swap(number_, other.number_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  std::swap(size_before_, other.size_before_);
  return *this;
}

BodySegments::~BodySegments() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<BodySegments> BodySegments::open(fs::path folder, std::uint64_t segment_bytes) {
  std::error_code error;
  if (fs::create_directories(folder, error)) {
    fs::permissions(folder, fs::perms::owner_all, error);
  }
  BodySegments segments(std::move(folder), segment_bytes);
  // Go on with the newest segment if it has room and nobody else writes to it.
  const std::vector<std::int64_t> numbers = segment_numbers(segments.folder_);
  segments.number_ = numbers.empty() ? 0 : numbers.back();
  if (!numbers.empty()) {
    const fs::path path = segment_path(segments.folder_, segments.number_);
    const int descriptor = open_locked(path, O_RDWR);
    struct stat status{};
    if (descriptor >= 0 && ::fstat(descriptor, &status) == 0) {
      segments.descriptor_ = descriptor;
      segments.size_ = static_cast<std::uint64_t>(status.st_size);
    }
  }
  return segments;
}

Result<void> BodySegments::open_segment() {
  if (descriptor_ >= 0 && size_ < segment_bytes_) return {};
  constexpr int kAttempts = 1000;  // other processes may take numbers at the same time
  for (int i = 0; i < kAttempts; ++i) {
    const fs::path path = segment_path(folder_, number_ + 1);
    const int descriptor = open_locked(path, O_RDWR | O_CREAT | O_EXCL);
    if (descriptor < 0 && errno != EEXIST) return failed("make", path);
    ++number_;
    if (descriptor < 0) continue;
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = descriptor;
    size_ = 0;
    return {};
  }
  return failed("find a free segment number in", folder_);
}

Result<void> BodySegments::write_out() {
  std::span<iovec> rest(pieces_);
  auto offset = static_cast<off_t>(size_);
  while (!rest.empty()) {
    const auto count = static_cast<int>(std::min<std::size_t>(rest.size(), IOV_MAX));
    const ssize_t written = ::pwritev(descriptor_, rest.data(), count, offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("write", segment_path(folder_, number_));
    offset += written;
    rest = advanced(rest, static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> BodySegments::append(std::span<logs::PackedBatch> batches) {
  const auto has_bodies = [](const logs::PackedBatch& batch) { return !batch.bodies().empty(); };
  if (std::ranges::any_of(batches, has_bodies)) {
    if (Result<void> opened = open_segment(); !opened) return opened;
  }
  pieces_.clear();
  std::uint64_t end = size_;
  for (logs::PackedBatch& batch : batches) {
    if (!has_bodies(batch)) continue;
    batch.set_body_base((number_ << kOffsetBits) | static_cast<std::int64_t>(end));
    pieces_.push_back(piece_of(batch.bodies()));
    end += batch.bodies().size();
  }
  size_before_ = size_;
  if (Result<void> written = write_out(); !written) {
    take_back();
    return written;
  }
  size_ = end;
  return {};
}

void BodySegments::take_back() {
  size_ = size_before_;
  if (descriptor_ >= 0) static_cast<void>(::ftruncate(descriptor_, static_cast<off_t>(size_)));
}

void BodySegments::remove_one(std::uint64_t max_bytes, WallTime oldest) const {
  const std::vector<std::int64_t> numbers = segment_numbers(folder_);
  std::uint64_t bytes = 0;
  for (const std::int64_t number : numbers) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(segment_path(folder_, number), error);
    if (!error) bytes += size;
  }
  if (numbers.empty() || numbers.front() == number_) return;
  const fs::path path = segment_path(folder_, numbers.front());
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return;
  if (bytes <= max_bytes && WallTime(std::chrono::seconds(status.st_mtime)) >= oldest) return;
  const int descriptor = open_locked(path, O_RDWR);
  if (descriptor < 0) return;  // another process still writes to it
  ::unlink(path.c_str());
  ::close(descriptor);
}

void read_bodies(const fs::path& folder, BodyPlace place, logs::LogRecord& record) {
  if (!place) return;
  const fs::path path = segment_path(folder, *place >> kOffsetBits);
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return mark_gone(record);
  if (!read_entry(descriptor, *place & kOffsetMask, record)) mark_gone(record);
  ::close(descriptor);
}

}  // namespace gatehouse::store
