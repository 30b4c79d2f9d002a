local Particle = {}
Particle.__index = Particle

function Particle:step(width)
    self.x = (self.x + self.vx) % width
    self.y = (self.y + self.vy) % width
end

function Particle:weight() return self.x + self.y end

function main()
    local particles, total = {}, 0
    for i = 0, 99 do
        particles[#particles + 1] = setmetatable({ x = i, y = i * 3, vx = i % 7, vy = i % 5 }, Particle)
    end
    for round = 1, 2000 do
        for _, particle in ipairs(particles) do
            particle:step(1009)
            total = (total + particle:weight()) % 1000003
        end
    end
    return total
end
