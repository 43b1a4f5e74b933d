// A connection to an upstream, with what it keeps from call to call.
#pragma once

#include <memory>
#include <string>

#include "async/deadline.h"
#include "async/socket.h"
#include "http/body.h"
#include "http/head.h"
#include "http/head_buffer.h"
#include "http/pool.h"

namespace gatehouse::http {

/// While nobody uses it, it leaves its shelf by itself when the other end closes it or its time is
/// up. While a call uses it, it holds the answer under way.
struct PooledConnection final : BodyOwner {
  PooledConnection(Pool& owner, Shelf& on, async::Socket open, std::string name)
      : pool(owner), shelf(on), socket(std::move(open)), authority(std::move(name)) {}

  void rest();
  void rise();
  /// The answer is whole: back to the pool, if the connection can serve another call.
  void body_ended(std::unique_ptr<BodyOwner> self) override;

  Pool& pool;
  Shelf& shelf;
  async::Socket socket;
  BodySource body;
  bool is_reused = false;  // it has served a call before, so it may have died unnoticed
  async::Deadline deadline{&leave, this};

  std::string authority;  // what the host field says (RFC 9110 section 7.2)
  HeadBuffer buffer;
  ResponseHead head;  // views into the buffer

 private:
  static void leave(void* context);
};

}  // namespace gatehouse::http
