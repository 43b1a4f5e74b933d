#include "bench/upstream/upstream.h"

#include <array>
#include <utility>

#include "bench/upstream/answers.h"

namespace gatehouse::bench {
namespace {

constexpr std::size_t kReadSize = 128 * 1024;

std::string_view path_of(std::string_view request_line) {
  const std::size_t start = request_line.find(' ');
  if (start == std::string_view::npos) return {};
  const std::string_view rest = request_line.substr(start + 1);
  return rest.substr(0, rest.find(' '));
}

std::vector<std::string> stream_on_the_wire() {
  std::vector<std::string> chunks;
  for (const std::string& event : stream_events()) chunks.push_back(chunk_of(event));
  chunks.front().insert(0, stream_head());
  chunks.back() += kLastChunk;
  return chunks;
}

}  // namespace

Upstream::Upstream(const Settings& settings)
    : plain_(listen_on(settings.plain)),
      gap_(settings.gap),
      completion_(response_with(completion())),
      stream_(stream_on_the_wire()) {
  events_.add(plain_.get(), &plain_);
  if (settings.certificate_file.empty()) return;
  context_ = tls_server_context(settings.certificate_file, settings.key_file);
  tls_ = listen_on(settings.tls);
  events_.add(tls_.get(), &tls_);
}

void Upstream::run() {
  while (true) {
    std::optional<std::chrono::nanoseconds> timeout;
    if (!due_.empty()) timeout = due_.begin()->first - std::chrono::steady_clock::now();
    for (const epoll_event& event : events_.wait(timeout)) on_event(event);
    closed_.clear();
    if (!due_.empty()) send_due(std::chrono::steady_clock::now());
    closed_.clear();
  }
}

void Upstream::on_event(const epoll_event& event) {
  if (event.data.ptr == &plain_) return accept_all(plain_, nullptr);
  if (event.data.ptr == &tls_) return accept_all(tls_, context_.get());
  on_client(*static_cast<Client*>(event.data.ptr), event.events);
}

void Upstream::accept_all(const Descriptor& listener, SSL_CTX* context) {
  while (true) {
    Descriptor socket = accept_from(listener);
    if (!socket.is_open()) return;
    auto client = std::make_unique<Client>(std::move(socket), context);
    Client* const key = client.get();
    events_.add(key->channel.descriptor(), key);
    clients_.emplace(key, std::move(client));
  }
}

void Upstream::on_client(Client& client, unsigned events) {
  if (client.is_closed) return;
  if ((events & EPOLLOUT) != 0) flush(client);
  if (!client.is_closed && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read_from(client);
  if (!client.is_closed && (events & EPOLLRDHUP) != 0) close(client);
}

void Upstream::read_from(Client& client) {
  static std::array<char, kReadSize> space;
  while (!client.is_closed) {
    const Channel::Outcome outcome = client.channel.read(space);
    if (outcome.state == Channel::State::closed) return close(client);
    if (outcome.state == Channel::State::would_block) break;
    answer_all(client, {space.data(), outcome.size});
  }
  // A TLS handshake that just ended may let out what waited for it.
  if (!client.is_closed && !client.unsent.empty()) flush(client);
}

void Upstream::answer_all(Client& client, std::string_view bytes) {
  MessageReader::Progress progress = client.reader.feed(bytes);
  while (!client.is_closed && progress == MessageReader::Progress::complete) {
    answer(client);
    client.reader.next();
    if (!client.reader.has_more()) return;
    progress = client.reader.feed("");
  }
  if (progress == MessageReader::Progress::broken && !client.is_closed) close(client);
}

void Upstream::answer(Client& client) {
  const std::string_view path = path_of(client.reader.first_line());
  if (path.starts_with("/control/")) return answer_control(client, path);
  if (asks_for_stream(client.reader.payload())) return answer_stream(client, path);
  send(client, completion_);
}

void Upstream::answer_control(Client& client, std::string_view path) {
  const std::string count = std::to_string(held_.size());
  if (path == "/control/release") {
    const std::vector<Client*> held(held_.begin(), held_.end());
    held_.clear();
    for (Client* const waiting : held) send_rest(*waiting);
  }
  send(client, response_with(R"({"held":)" + count + "}"));
}

void Upstream::answer_stream(Client& client, std::string_view path) {
  client.next_event = 0;
  send_event(client);
  if (client.is_closed) return;
  if (path.starts_with("/held/")) {
    held_.insert(&client);
  } else if (path.starts_with("/spaced/") || path.starts_with("/spread/")) {
    due_.emplace(first_due(path), &client);
  } else {
    send_rest(client);
  }
}

void Upstream::send_event(Client& client) { send(client, stream_[client.next_event++]); }

void Upstream::send_rest(Client& client) {
  while (!client.is_closed && client.next_event < stream_.size()) send_event(client);
}

Upstream::Time Upstream::first_due(std::string_view path) {
  constexpr unsigned kPhases = 16;
  const Time now = std::chrono::steady_clock::now();
  if (!path.starts_with("/spread/")) {
    // On the ticks of one clock: else the steps of a slow gateway, which begins its streams one
    // after the other, would be further apart than those of a fast one.
    const auto since = (now + gap_ / 2).time_since_epoch();
    return Time(since + gap_ - since % gap_);
  }
  return now + gap_ / 2 + gap_ * (spread_streams_++ % kPhases) / kPhases;
}

void Upstream::send_due(Time now) {
  while (!due_.empty() && due_.begin()->first <= now) {
    auto due = due_.extract(due_.begin());
    Client& client = *due.mapped();
    send_event(client);
    if (client.is_closed || client.next_event == stream_.size()) continue;
    due.key() += gap_;
    due_.insert(std::move(due));
  }
}

void Upstream::send(Client& client, std::string_view bytes) {
  if (client.unsent.empty()) {
    const Channel::Outcome outcome = client.channel.write(bytes);
    if (outcome.state == Channel::State::closed) return close(client);
    bytes.remove_prefix(outcome.size);
  }
  client.unsent.append(bytes);
}

void Upstream::flush(Client& client) {
  while (!client.unsent.empty()) {
    const Channel::Outcome outcome = client.channel.write(client.unsent);
    if (outcome.state == Channel::State::closed) return close(client);
    if (outcome.state == Channel::State::would_block) return;
    client.unsent.erase(0, outcome.size);
  }
}

void Upstream::close(Client& client) {
  client.is_closed = true;
  held_.erase(&client);
  std::erase_if(due_, [&client](const auto& due) { return due.second == &client; });
  const auto place = clients_.find(&client);
  closed_.push_back(std::move(place->second));
  clients_.erase(place);
}

}  // namespace gatehouse::bench
