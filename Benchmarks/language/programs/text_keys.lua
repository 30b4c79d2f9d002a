function main()
    local t, total = {}, 0
    for i = 0, 299999 do t["k" .. i] = i end
    for i = 0, 299999 do total = total + t["k" .. i] end
    return total
end
