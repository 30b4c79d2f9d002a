function main()
    local total = 0
    for i = 0, 2999999 do total = (total + i * 3) % 1000003 end
    return total
end
