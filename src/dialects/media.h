// Images, sounds and documents: data URLs (RFC 2397), media types, file formats.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "llm/message.h"

namespace gatehouse::dialects {

/// What `data:<type>[;parameters];base64,<payload>` holds, or nothing if that is not what it is.
std::optional<llm::Media> parse_data_url(std::string_view url);

/// An address as clients write it: a data URL gives its bytes, anything else stays an address whose
/// media type is guessed from the suffix of its path.
llm::Media media_of_url(std::string_view url);

/// Base64 as clients write it in `file_data`: a data URL, or the bare payload, which then is of
/// `otherwise_type`.
llm::Media media_of_file_data(std::string_view data, std::string_view otherwise_type);

/// `data:<type>;base64,<payload>` for media of kind base64 and text, the address for kind url.
std::string url_of(const llm::Media& media);

/// "image/png" for "photos/cat.PNG?size=2"; empty if the suffix is unknown.
std::string_view media_type_of_path(std::string_view path);

/// "audio/wav" for "wav"; "audio/<format>" for what is not listed.
std::string audio_type_of_format(std::string_view format);
/// "wav" for "audio/x-wav".
std::string_view audio_format_of_type(std::string_view media_type);

bool is_image(std::string_view media_type);

}  // namespace gatehouse::dialects
