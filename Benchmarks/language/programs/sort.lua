function main()
    local numbers, x = {}, 12345
    for i = 1, 200000 do
        x = (x * 16807) % 2147483647
        numbers[i] = x
    end
    table.sort(numbers)
    return (numbers[1] + numbers[100001] * 2 + numbers[200000] * 3) % 1000003
end
