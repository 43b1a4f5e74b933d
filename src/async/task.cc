#include "async/task.h"

#include <exception>

namespace gatehouse::async {

Error error_of_current_exception() {
  try {
    throw;
  } catch (const std::exception& exception) {
    return gateway_error(ErrorCode::internal, std::string("Unexpected: ") + exception.what());
  } catch (...) {
    return gateway_error(ErrorCode::internal, "Unexpected failure of unknown kind");
  }
}

}  // namespace gatehouse::async
