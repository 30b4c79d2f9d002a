function main()
    local text = ""
    for i = 1, 20000 do text = text .. "abcdefghij" end
    return #text
end
