#include "store/sqlite/checkpointer.h"

#include <sqlite3.h>

#include <utility>

namespace gatehouse::store {
namespace {

constexpr int kWantedPages = 1000;
// If the thread cannot keep up, or fails, the writer does the work itself: the journal must not
// grow without end.
constexpr int kMostPages = 20'000;

int checkpoint(sqlite3* database) {
  return sqlite3_wal_checkpoint_v2(database, "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

}  // namespace

Result<std::unique_ptr<Checkpointer>> Checkpointer::start(Database& writer) {
  auto own = Database::open(writer.file(), Access::read_write);
  if (!own) return fail(std::move(own.error()));
  if (Result<void> run = (*own)->run("PRAGMA synchronous = NORMAL"); !run) {
    return fail(std::move(run.error()));
  }
  return std::unique_ptr<Checkpointer>(
      new Checkpointer(writer, std::move(*own)));  // NOLINT: private constructor
}

Checkpointer::Checkpointer(Database& writer, std::unique_ptr<Database> own)
    : writer_(writer), own_(std::move(own)) {
  sqlite3_wal_hook(writer_.raw(), &Checkpointer::on_commit, this);
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Checkpointer::~Checkpointer() { sqlite3_wal_hook(writer_.raw(), nullptr, nullptr); }

int Checkpointer::on_commit(void* self, sqlite3* writer, const char* /*name*/, int pages) {
  if (pages >= kMostPages) checkpoint(writer);
  if (pages < kWantedPages) return SQLITE_OK;
  auto* checkpointer = static_cast<Checkpointer*>(self);
  {
    const std::scoped_lock lock(checkpointer->mutex_);
    checkpointer->is_wanted_ = true;
  }
  checkpointer->wanted_.notify_one();
  return SQLITE_OK;
}

void Checkpointer::run(const std::stop_token& stop) {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (!wanted_.wait(lock, stop, [this] { return is_wanted_; })) return;
      is_wanted_ = false;
    }
    // A failure needs no report here: the next commit asks again, and a disk that takes no
    // checkpoint soon takes no commit either.
    checkpoint(own_->raw());
  }
}

}  // namespace gatehouse::store
