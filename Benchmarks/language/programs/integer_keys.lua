function main()
    local t, total = {}, 0
    for i = 0, 299999 do t[i * 7] = i end
    for i = 0, 299999 do total = total + t[i * 7] end
    return total
end
