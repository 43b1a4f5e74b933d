// The thread that writes the record.
#pragma once

#include <thread>

#include "logs/log_writer.h"

namespace gatehouse::store {

/// Runs `writer` from here to its destructor, which waits until everything that was pushed before
/// is stored. The writer and its store must outlive it.
class LogThread {
 public:
  explicit LogThread(logs::LogWriter& writer)
      : thread_([&writer](const std::stop_token& stop) { writer.run(stop); }) {}

 private:
  std::jthread thread_;
};

}  // namespace gatehouse::store
