#include "bench/load/target_meter.h"

#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <fstream>
#include <string>
#include <system_error>

namespace gatehouse::bench {

double cpu_us_of(const std::vector<pid_t>& processes) {
  double sum = 0;
  for (const pid_t process : processes) {
    clockid_t clock{};
    timespec time{};
    const int error = clock_getcpuclockid(process, &clock);
    if (error != 0 || clock_gettime(clock, &time) != 0) {
      throw std::system_error(error != 0 ? error : errno, std::generic_category(),
                              "CPU clock of process " + std::to_string(process));
    }
    sum += static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) * 1e-3;
  }
  return sum;
}

std::size_t rss_kib_of(const std::vector<pid_t>& processes) {
  std::size_t pages = 0;
  for (const pid_t process : processes) {
    std::ifstream statm("/proc/" + std::to_string(process) + "/statm");
    std::size_t size = 0;
    std::size_t resident = 0;
    if (statm >> size >> resident) pages += resident;
  }
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) / 1024;
}

}  // namespace gatehouse::bench
