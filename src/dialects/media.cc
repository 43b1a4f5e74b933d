#include "dialects/media.h"

#include <array>

#include "base/text.h"
#include "dialects/base64.h"

namespace gatehouse::dialects {
namespace {

struct Pair {
  std::string_view name;
  std::string_view media_type;
};

constexpr std::array kSuffixes = {
    Pair{"png", "image/png"},
    Pair{"jpg", "image/jpeg"},
    Pair{"jpeg", "image/jpeg"},
    Pair{"gif", "image/gif"},
    Pair{"webp", "image/webp"},
    Pair{"heic", "image/heic"},
    Pair{"heif", "image/heif"},
    Pair{"pdf", "application/pdf"},
    Pair{"csv", "text/csv"},
    Pair{"txt", "text/plain"},
    Pair{"md", "text/markdown"},
    Pair{"html", "text/html"},
    Pair{"doc", "application/msword"},
    Pair{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    Pair{"xls", "application/vnd.ms-excel"},
    Pair{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    Pair{"json", "application/json"},
    Pair{"mp4", "video/mp4"},
    Pair{"mov", "video/quicktime"},
    Pair{"mkv", "video/x-matroska"},
    Pair{"webm", "video/webm"},
    Pair{"flv", "video/x-flv"},
    Pair{"mpeg", "video/mpeg"},
    Pair{"mpg", "video/mpeg"},
    Pair{"wmv", "video/x-ms-wmv"},
    Pair{"3gp", "video/3gpp"},
    Pair{"mp3", "audio/mp3"},
    Pair{"wav", "audio/wav"},
    Pair{"ogg", "audio/ogg"},
    Pair{"flac", "audio/flac"},
    Pair{"m4a", "audio/m4a"},
    Pair{"aac", "audio/aac"},
};

// The first name of a type is the one that OpenAI's `input_audio.format` uses.
constexpr std::array kAudioFormats = {
    Pair{"mp3", "audio/mp3"},   Pair{"mp3", "audio/mpeg"},  Pair{"wav", "audio/wav"},
    Pair{"wav", "audio/x-wav"}, Pair{"wav", "audio/wave"},  Pair{"opus", "audio/ogg"},
    Pair{"opus", "audio/opus"}, Pair{"flac", "audio/flac"}, Pair{"pcm16", "audio/pcm"},
    Pair{"aac", "audio/aac"},   Pair{"x-aac", "audio/aac"}, Pair{"m4a", "audio/m4a"},
    Pair{"x-m4a", "audio/m4a"},
};

std::string_view media_type_of_suffix(std::string_view suffix) {
  for (const Pair& pair : kSuffixes) {
    if (equals_ignoring_case(pair.name, suffix)) return pair.media_type;
  }
  return {};
}

}  // namespace

std::optional<llm::Media> parse_data_url(std::string_view url) {
  if (!starts_with_ignoring_case(url, "data:")) return std::nullopt;
  const std::size_t comma = url.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  const std::string_view head = url.substr(5, comma - 5);
  if (!lowered(head).ends_with(";base64")) return std::nullopt;
  return llm::Media{llm::Media::Kind::base64, std::string(url.substr(comma + 1)),
                    lowered(trimmed(head.substr(0, head.find(';'))))};
}

llm::Media media_of_url(std::string_view url) {
  if (auto media = parse_data_url(url)) return std::move(*media);
  return {llm::Media::Kind::url, std::string(url), std::string(media_type_of_path(url))};
}

llm::Media media_of_file_data(std::string_view data, std::string_view otherwise_type) {
  if (auto media = parse_data_url(data)) return std::move(*media);
  return {llm::Media::Kind::base64, std::string(data), std::string(otherwise_type)};
}

std::string url_of(const llm::Media& media) {
  if (media.kind == llm::Media::Kind::url) return media.value;
  const bool is_text = media.kind == llm::Media::Kind::text;
  const std::string_view otherwise = is_text ? "text/plain" : "application/octet-stream";
  std::string url = "data:";
  url += media.media_type.empty() ? otherwise : std::string_view(media.media_type);
  url += ";base64,";
  url += is_text ? encode_base64(media.value) : media.value;
  return url;
}

std::string_view media_type_of_path(std::string_view path) {
  path = path.substr(0, path.find_first_of("?#"));
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view()
                                       : media_type_of_suffix(path.substr(dot + 1));
}

std::string audio_type_of_format(std::string_view format) {
  for (const Pair& pair : kAudioFormats) {
    if (equals_ignoring_case(pair.name, format)) return std::string(pair.media_type);
  }
  return "audio/" + lowered(format);
}

std::string_view audio_format_of_type(std::string_view media_type) {
  for (const Pair& pair : kAudioFormats) {
    if (equals_ignoring_case(pair.media_type, media_type)) return pair.name;
  }
  constexpr std::string_view kAudio = "audio/";
  return media_type.starts_with(kAudio) ? media_type.substr(kAudio.size()) : media_type;
}

bool is_image(std::string_view media_type) { return media_type.starts_with("image/"); }

}  // namespace gatehouse::dialects
