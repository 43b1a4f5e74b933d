// The tables of gatehouse.yaml: which keys each section has.
#pragma once

#include "config/section.h"
#include "config/settings.h"

namespace gatehouse::config {

template <>
std::span<const KeyRow<Settings>> rows_of();
template <>
std::span<const KeyRow<ServerSettings>> rows_of();
template <>
std::span<const KeyRow<CorsSettings>> rows_of();
template <>
std::span<const KeyRow<TlsSettings>> rows_of();
template <>
std::span<const KeyRow<UpstreamSettings>> rows_of();
template <>
std::span<const KeyRow<RoutingSettings>> rows_of();
template <>
std::span<const KeyRow<RecordSettings>> rows_of();
template <>
std::span<const KeyRow<ApiKeyEntry>> rows_of();
template <>
std::span<const KeyRow<VirtualKeyEntry>> rows_of();
template <>
std::span<const KeyRow<ProviderEntry>> rows_of();
template <>
std::span<const KeyRow<QuirkEntries>> rows_of();

template <>
void check_section(const Cursor& cursor, const Settings& settings);
template <>
void check_section(const Cursor& cursor, const ServerSettings& server);
template <>
void check_section(const Cursor& cursor, const TlsSettings& tls);
template <>
void check_section(const Cursor& cursor, const ApiKeyEntry& entry);
template <>
void check_section(const Cursor& cursor, const VirtualKeyEntry& entry);

}  // namespace gatehouse::config
