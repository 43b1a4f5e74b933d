// gatehouse keys create | list | revoke: the gateway keys of a data folder. A running server sees
// the changes within a second or two.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "auth/key_store.h"
#include "base/clock.h"
#include "base/result.h"

namespace gatehouse::commands {

struct NewKeyFlags {
  std::string name = "key";
  std::string expires;  // a duration or a time; empty: never
  std::string scopes;   // names with commas; empty: the usual ones
};

/// What a command prints: `out` is its result, for scripts, and `note` what people should know.
struct Printed {
  std::string out;
  std::string note;
};

/// Errors: invalid_request when a flag is wrong; those of the store.
Result<Printed> create_key(auth::KeyStore& keys, const NewKeyFlags& flags, WallTime now);
Result<Printed> list_keys(auth::KeyStore& keys, WallTime now);
Result<Printed> revoke_key(auth::KeyStore& keys, const std::string& id, WallTime now);

/// Registers the command. `exit_code` is set when it has run, and must outlive `app`.
void add_keys_command(CLI::App& app, int& exit_code);

}  // namespace gatehouse::commands
