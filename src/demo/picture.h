// A small PNG that says that it is a demo.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::demo {

/// The word DEMO on a colour that follows from the prompt.
std::string picture_for(std::string_view prompt);

}  // namespace gatehouse::demo
