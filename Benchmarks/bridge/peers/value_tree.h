// The native value tree that the C++ peers convert to and from.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

struct Value;
using ValueList = std::vector<Value>;
using ValueDict = std::vector<std::pair<std::string, Value>>;
struct Value {
    std::variant<std::monostate, bool, int64_t, double, std::string, ValueList, ValueDict> content;
};
