#include "config/environment.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace gatehouse::config {
namespace {

class EnvironmentFiles : public testing::Test {
 protected:
  EnvironmentFiles() {
    folder_ = std::filesystem::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder_);
  }
  ~EnvironmentFiles() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  std::filesystem::path folder_;
};

TEST_F(EnvironmentFiles, LetTheProcessWinOverTheFirstFileAndThatOverTheNext) {
  ASSERT_EQ(setenv("GATEHOUSE_TEST_A", "process", 1), 0);
  const std::vector<std::filesystem::path> files = {
      write("first.env", "GATEHOUSE_TEST_A=first\nGATEHOUSE_TEST_B=first\n"),
      write("second.env", "GATEHOUSE_TEST_B=second\nGATEHOUSE_TEST_C=second\n")};
  const ReadEnvironment read = read_environment(files);
  unsetenv("GATEHOUSE_TEST_A");
  EXPECT_EQ(read.environment.find("GATEHOUSE_TEST_A"), "process");
  EXPECT_EQ(read.environment.find("GATEHOUSE_TEST_B"), "first");
  EXPECT_EQ(read.environment.find("GATEHOUSE_TEST_C"), "second");
  EXPECT_TRUE(read.warnings.empty());
}

TEST_F(EnvironmentFiles, MayBeAbsentOrPartlyUnreadable) {
  const std::vector<std::filesystem::path> files = {folder_ / "absent.env",
                                                    write("odd.env", "what\nGATEHOUSE_TEST_D=1")};
  const ReadEnvironment read = read_environment(files);
  EXPECT_EQ(read.environment.find("GATEHOUSE_TEST_D"), "1");
  EXPECT_EQ(read.warnings.size(), 1U);
}

TEST(Environment, TellsAnEmptyVariableFromOneThatIsNotSet) {
  const Environment environment{{"EMPTY", ""}};
  EXPECT_EQ(environment.find("EMPTY"), "");
  EXPECT_FALSE(environment.find("ABSENT"));
}

TEST(Environment, LooksForDotenvInTheWorkingFolderAndBesideTheConfiguration) {
  using Paths = std::vector<std::filesystem::path>;
  EXPECT_EQ(dotenv_files_for(std::nullopt), Paths{".env"});
  EXPECT_EQ(dotenv_files_for("gatehouse.yaml"), Paths{".env"});
  EXPECT_EQ(dotenv_files_for("/etc/gatehouse/gatehouse.yaml"),
            (Paths{".env", "/etc/gatehouse/.env"}));
}

}  // namespace
}  // namespace gatehouse::config
