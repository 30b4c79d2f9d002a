local function counter(start)
    local count = start
    return function(by)
        count = count + by
        return count
    end
end

local function compose(f, g) return function(x) return g(f(x)) end end

function main()
    local up, total = counter(0), 0
    local twice = compose(function(x) return x + 1 end, function(x) return x * 2 end)
    for i = 0, 299999 do total = (total + up(i % 3) + twice(i)) % 1000003 end
    return total
end
