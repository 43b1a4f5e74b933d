// Moves what the writer has committed from the journal into the database file, on a thread of its
// own: this waits for the disk, and records that are waiting meanwhile would be lost by a kill.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "base/result.h"
#include "store/sqlite/database.h"

namespace gatehouse::store {

/// Takes over the checkpoints of `writer`, which must outlive it.
class Checkpointer {
 public:
  static Result<std::unique_ptr<Checkpointer>> start(Database& writer);
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;
  ~Checkpointer();

 private:
  Checkpointer(Database& writer, std::unique_ptr<Database> own);
  static int on_commit(void* self, struct sqlite3* writer, const char* name, int pages);
  void run(const std::stop_token& stop);

  Database& writer_;
  std::unique_ptr<Database> own_;
  std::mutex mutex_;
  std::condition_variable_any wanted_;
  bool is_wanted_ = false;
  std::jthread thread_;  // last, so that it ends before what it uses
};

}  // namespace gatehouse::store
