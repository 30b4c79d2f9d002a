function main()
    local parts = {}
    for i = 0, 299999 do parts[#parts + 1] = tostring(i) end
    return #table.concat(parts, ",")
end
