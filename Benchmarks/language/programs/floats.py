def main():
    inside = 0
    for row in range(120):
        ci = row / 60.0 - 1.0
        for column in range(180):
            cr = column / 60.0 - 2.0
            zr = 0.0
            zi = 0.0
            steps = 0
            for step in range(50):
                squared_r = zr * zr
                squared_i = zi * zi
                if squared_r + squared_i > 4.0:
                    break
                zi = 2.0 * zr * zi + ci
                zr = squared_r - squared_i + cr
                steps = steps + 1
            inside = inside + steps
    return inside
