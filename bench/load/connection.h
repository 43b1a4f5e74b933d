// One connection of the load: sends a request, reads its answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "bench/load/plan.h"
#include "bench/wire/message_reader.h"
#include "bench/wire/socket.h"

namespace gatehouse::bench {

/// Use: ask(); then on every event advance(), until it says something else than `waiting`. After
/// `answered` look at status_line() and payload(), then ask() again.
class Connection {
 public:
  enum class State : unsigned char { waiting, answered, closed };
  enum class Peer : unsigned char { open, closed };

  explicit Connection(Descriptor socket)
      : socket_(std::move(socket)), reader_(MessageKind::response) {}

  /// `due` is when the request counts from; `request` must live until it is answered.
  void ask(std::string_view request, Time due);
  /// The same with eight digits at `at` that say `number`.
  void ask_numbered(const Plan& plan, std::uint64_t number, Time due);

  /// Sends and reads what can be now. `peer` is what the event said: after the peer closed there is
  /// no further event, so everything must be read at once.
  State advance(Peer peer);

  bool is_asking() const { return is_asking_; }
  Time due() const { return due_; }
  /// When the first byte of the payload came.
  const std::optional<Time>& first_byte() const { return first_byte_; }
  /// The server-sent events that came since this was last asked.
  std::uint64_t take_events();
  std::string_view status_line() const { return reader_.first_line(); }
  std::string_view payload() const { return reader_.payload(); }
  int descriptor() const { return socket_.get(); }

 private:
  bool send_some();
  State close();
  void look_at_payload();

  Descriptor socket_;
  MessageReader reader_;
  std::string numbered_;
  std::string_view unsent_;
  bool is_asking_ = false;
  Time due_{};
  std::optional<Time> first_byte_;
  std::size_t seen_ = 0;  // of the payload
  std::uint64_t line_ends_ = 0;
};

}  // namespace gatehouse::bench
