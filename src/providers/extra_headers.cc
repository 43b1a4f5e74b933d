#include "providers/extra_headers.h"

#include "providers/url_template.h"

namespace gatehouse::providers {

void add_extra_headers(const ProviderRow& row, const Options& options, http::FieldLines& fields) {
  std::string value;
  for (const ExtraHeader& header : row.headers) {
    TemplateGap gap;
    value.clear();
    if (!fill_template(header.value, Place::header, {options, {}, {}}, value, gap)) continue;
    fields.add(header.name, value);
  }
}

}  // namespace gatehouse::providers
