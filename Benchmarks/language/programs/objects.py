class Particle:
    def __init__(self, x, y, vx, vy):
        self.x = x
        self.y = y
        self.vx = vx
        self.vy = vy

    def step(self, width):
        self.x = (self.x + self.vx) % width
        self.y = (self.y + self.vy) % width

    def weight(self):
        return self.x + self.y


def main():
    particles = [Particle(i, i * 3, i % 7, i % 5) for i in range(100)]
    total = 0
    for round in range(2000):
        for particle in particles:
            particle.step(1009)
            total = (total + particle.weight()) % 1000003
    return total
