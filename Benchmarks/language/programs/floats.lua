function main()
    local inside = 0
    for row = 0, 119 do
        local ci = row / 60.0 - 1.0
        for column = 0, 179 do
            local cr = column / 60.0 - 2.0
            local zr, zi, steps = 0.0, 0.0, 0
            for step = 1, 50 do
                local squared_r, squared_i = zr * zr, zi * zi
                if squared_r + squared_i > 4.0 then break end
                zi = 2.0 * zr * zi + ci
                zr = squared_r - squared_i + cr
                steps = steps + 1
            end
            inside = inside + steps
        end
    end
    return inside
end
