// The tables of DIR/gatehouse.db, and how an older file becomes a newer one.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"
#include "store/sqlite/database.h"

namespace gatehouse::store {

inline constexpr const char* kDatabaseName = "gatehouse.db";

/// Opens the database of a data folder for writing, with the newest schema. Several connections and
/// processes may do so at once. Error: store, also when the file was written by a newer program.
Result<std::unique_ptr<Database>> open_for_writing(const std::filesystem::path& data_folder);

/// Opens it for reading. Error: store; not_found if there is none.
Result<std::unique_ptr<Database>> open_for_reading(const std::filesystem::path& data_folder);

}  // namespace gatehouse::store
