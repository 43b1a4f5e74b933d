#include <gtest/gtest.h>

#include "gatehouse/client.h"
