#include "main/commands/keys.h"

#include <fmt/core.h>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <utility>

#include "base/text.h"
#include "logs/times.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/sqlite_key_store.h"

namespace gatehouse::commands {
namespace {

std::unexpected<Failure> wrong_flag(std::string message) {
  return fail(client_error(ErrorCode::invalid_request, std::move(message)));
}

Result<std::optional<WallTime>> expiry_of(const std::string& text, WallTime now) {
  if (text.empty()) return std::optional<WallTime>{};
  std::optional<WallTime> time = logs::parse_time(text);
  if (const auto duration = logs::parse_duration(text)) time = now + *duration;
  if (!time) {
    return wrong_flag("--expires cannot be '" + text +
                      "'. Give a duration (12h, 30d) or a time (2027-01-31T12:00:00Z).");
  }
  if (*time <= now) return wrong_flag("--expires " + text + " is in the past.");
  return time;
}

Result<exchange::ScopeSet> scopes_of(const std::string& text) {
  exchange::ScopeSet scopes;
  for (const std::string_view name : split_list(text)) {
    const auto scope = auth::scope_named(name);
    if (!scope) {
      return wrong_flag("There is no scope '" + std::string(name) +
                        "'. Known are: " + auth::all_scope_names() + ".");
    }
    scopes.add(*scope);
  }
  return scopes;
}

std::string day_of(WallTime time) { return logs::format_time(time).substr(0, 10); }

std::string state_of(const auth::GatewayKey& key, WallTime now) {
  if (key.revoked) return "revoked " + day_of(*key.revoked);
  if (key.expires && *key.expires <= now) return "expired";
  return "active";
}

std::string row_of(const auth::GatewayKey& key, WallTime now) {
  return fmt::format("{:<15}  {:<20}  {:<12}  {:<10}  {:<10}  {:<18}  {}\n", key.id, key.name,
                     key.hint.empty() ? "****" : "gh-****" + key.hint, day_of(key.created),
                     key.expires ? day_of(*key.expires) : "never", state_of(key, now),
                     auth::format_scopes(key.scopes));
}

int print(const Result<Printed>& printed) {
  if (!printed) {
    fmt::print(stderr, "{}\n", printed.error()->message);
    return 1;
  }
  std::fputs(printed->out.c_str(), stdout);
  std::fflush(stdout);
  std::fputs(printed->note.c_str(), stderr);
  return 0;
}

/// Opens the folder's keys and runs `work` on them. Makes a folder that is not there.
int with_keys(const std::string& data,
              const std::function<Result<Printed>(auth::KeyStore&, WallTime)>& work) {
  Result<std::unique_ptr<store::SqliteKeyStore>> keys = store::SqliteKeyStore::open(data);
  if (!keys) return print(fail(keys.error()));
  return print(work(**keys, SystemClock{}.wall()));
}

/// The same for a folder that must be there: a slip of the hand makes no new one.
int with_old_keys(const std::string& data,
                  const std::function<Result<Printed>(auth::KeyStore&, WallTime)>& work) {
  const std::filesystem::path file = std::filesystem::path(data) / store::kDatabaseName;
  if (std::error_code error; std::filesystem::exists(file, error)) return with_keys(data, work);
  return print(fail(client_error(
      ErrorCode::not_found, "There is no " + file.string() +
                                ". Start the gateway once, or name its data folder with --data.")));
}

}  // namespace

Result<Printed> create_key(auth::KeyStore& keys, const NewKeyFlags& flags, WallTime now) {
  const Result<std::optional<WallTime>> expires = expiry_of(flags.expires, now);
  if (!expires) return fail(expires.error());
  auth::KeyTerms terms;
  terms.name = flags.name;
  terms.expires = *expires;
  if (!flags.scopes.empty()) {
    const Result<exchange::ScopeSet> scopes = scopes_of(flags.scopes);
    if (!scopes) return fail(scopes.error());
    terms.scopes = *scopes;
  }
  Result<auth::NewKey> made = auth::make_key(std::move(terms), now);
  if (!made) return fail(std::move(made.error()));
  if (Result<void> added = keys.add(made->key); !added) return fail(std::move(added.error()));
  const std::string until =
      *expires ? "expires at " + logs::format_time(**expires) : std::string("never expires");
  return Printed{std::string(made->text.reveal()) + "\n",
                 "Key '" + made->key.name + "' (" + made->key.id + ") " + until +
                     " and may: " + auth::format_scopes(made->key.scopes) +
                     ".\nOnly its hash is stored: it is shown this once.\n"};
}

Result<Printed> list_keys(auth::KeyStore& keys, WallTime now) {
  const Result<std::vector<auth::GatewayKey>> all = keys.list();
  if (!all) return fail(all.error());
  if (all->empty()) {
    return Printed{"", "There are no keys. `gatehouse keys create` makes one.\n"};
  }
  Printed printed;
  printed.out = fmt::format("{:<15}  {:<20}  {:<12}  {:<10}  {:<10}  {:<18}  {}\n", "ID", "NAME",
                            "KEY", "CREATED", "EXPIRES", "STATE", "SCOPES");
  for (const auth::GatewayKey& key : *all) printed.out += row_of(key, now);
  return printed;
}

Result<Printed> revoke_key(auth::KeyStore& keys, const std::string& id, WallTime now) {
  if (Result<void> revoked = keys.revoke(id, now); !revoked) {
    return fail(std::move(revoked.error()));
  }
  return Printed{"", "Key " + id + " is revoked. A running gateway refuses it within seconds.\n"};
}

void add_keys_command(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand("keys", "Make, list and revoke gateway keys");
  command->require_subcommand(1);
  const auto data = std::make_shared<std::string>("./data");
  const auto add = [&](const char* name, const char* about) {
    CLI::App* const verb = command->add_subcommand(name, about);
    verb->add_option("--data", *data, "Folder of keys and records (default ./data)");
    return verb;
  };

  CLI::App* const create = add("create", "Make a key and print it, this once");
  const auto flags = std::make_shared<NewKeyFlags>();
  create->add_option("--name", flags->name, "What the key is for");
  create->add_option("--expires", flags->expires, "A duration (30d) or a time; else never");
  create->add_option("--scopes", flags->scopes, "With commas between: " + auth::all_scope_names());
  create->callback([data, flags, &exit_code] {
    exit_code = with_keys(
        *data, [&](auth::KeyStore& keys, WallTime now) { return create_key(keys, *flags, now); });
  });

  add("list", "List all keys; the keys themselves are not stored")->callback([data, &exit_code] {
    exit_code = with_old_keys(*data, &list_keys);
  });

  CLI::App* const revoke = add("revoke", "Make a key invalid for good");
  const auto id = std::make_shared<std::string>();
  revoke->add_option("ID", *id, "As `gatehouse keys list` shows it")->required();
  revoke->callback([data, id, &exit_code] {
    exit_code = with_old_keys(
        *data, [&](auth::KeyStore& keys, WallTime now) { return revoke_key(keys, *id, now); });
  });
}

}  // namespace gatehouse::commands
