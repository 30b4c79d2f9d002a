function main()
    local limit, flags, count = 1000000, {}, 0
    for i = 1, limit do flags[i] = 1 end
    for i = 2, limit do
        if flags[i] == 1 then
            count = count + 1
            for j = i * 2, limit, i do flags[j] = 0 end
        end
    end
    return count
end
