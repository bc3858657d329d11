#include "harness/app/oom_kills.hpp"

#include <gtest/gtest.h>

namespace gpubench {
namespace {

TEST(OomKills, AreReadFromEachKindOfFile) {
  EXPECT_EQ(oom_kills_in("low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 1\n"), 2);  // memory.events
  EXPECT_EQ(oom_kills_in("oom_kill_disable 0\nunder_oom 0\noom_kill 7\n"), 7);                 // memory.oom_control
  EXPECT_EQ(oom_kills_in("nr_free_pages 1\noom_kill 0\n"), 0);                                 // vmstat
  EXPECT_FALSE(oom_kills_in("low 0\n"));
  EXPECT_FALSE(oom_kills_in(""));
}

}  // namespace
}  // namespace gpubench
