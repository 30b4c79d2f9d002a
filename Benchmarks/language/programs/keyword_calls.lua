local function f(arguments) return arguments.a + (arguments.b or 2) * (arguments.c or 3) end

function main()
    local total = 0
    for i = 0, 499999 do total = (total + f { a = i, c = 2, b = 1 }) % 1000003 end
    return total
end
